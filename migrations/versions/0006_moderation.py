"""moderation: reports, decisions, appeals, what holds a post, who looks after the board

Revision ID: 0006
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for what people report and what moderators decide."""
    op.create_table('consent',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('named_id', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_consent_by_id')),
    sa.ForeignKeyConstraint(['named_id'], ['organisation.id'], name=op.f('fk_consent_named_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_consent_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consent')),
    sa.UniqueConstraint('uuid', name=op.f('uq_consent_uuid'))
    )
    with op.batch_alter_table('consent', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_consent_named_id'), ['named_id'], unique=False)
        batch_op.create_index('uq_consent_pair', ['organisation_id', 'named_id'], unique=True, sqlite_where=sa.text('revoked_at IS NULL'), postgresql_where=sa.text('revoked_at IS NULL'))

    op.create_table('decision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('post_id', sa.Integer(), nullable=True),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('verdict', sa.Enum('hide', 'restore', 'decline', 'release', 'keep', 'verify', 'unverify', name='verdict', native_enum=False, length=24), nullable=False),
    sa.Column('rule', sa.Enum('true', 'own_name', 'not_for_sale', 'respect', 'privacy', 'safety', 'in_place', name='rule', native_enum=False, length=24), nullable=True),
    sa.Column('reason', sa.String(length=1000), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('(post_id IS NULL) <> (organisation_id IS NULL)', name=op.f('ck_decision_one_subject')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_decision_by_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_decision_organisation_id')),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_decision_post_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decision')),
    sa.UniqueConstraint('uuid', name=op.f('uq_decision_uuid'))
    )
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.create_index('ix_decision_created_at', ['created_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_decision_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_decision_post_id'), ['post_id'], unique=False)

    op.create_table('doubt',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('post_id', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_doubt_post_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_doubt')),
    sa.UniqueConstraint('uuid', name=op.f('uq_doubt_uuid'))
    )
    with op.batch_alter_table('doubt', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_doubt_asked_at'), ['asked_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_doubt_post_id'), ['post_id'], unique=False)

    op.create_table('hold',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('post_id', sa.Integer(), nullable=False),
    sa.Column('cause', sa.Enum('newcomer', 'naming', name='cause', native_enum=False, length=24), nullable=False),
    sa.Column('named_id', sa.Integer(), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer', sa.Enum('yes', 'no', 'dropped', name='answer', native_enum=False, length=24), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by_id', sa.Integer(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['answered_by_id'], ['person.id'], name=op.f('fk_hold_answered_by_id')),
    sa.ForeignKeyConstraint(['named_id'], ['organisation.id'], name=op.f('fk_hold_named_id')),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_hold_post_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hold')),
    sa.UniqueConstraint('uuid', name=op.f('uq_hold_uuid'))
    )
    with op.batch_alter_table('hold', schema=None) as batch_op:
        batch_op.create_index('ix_hold_due_at', ['ended_at', 'due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_hold_named_id'), ['named_id'], unique=False)
        batch_op.create_index('ix_hold_post_id', ['post_id', 'ended_at'], unique=False)

    op.create_table('appeal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decision_id', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('text', sa.String(length=1000), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['answer_id'], ['decision.id'], name=op.f('fk_appeal_answer_id')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_appeal_by_id')),
    sa.ForeignKeyConstraint(['decision_id'], ['decision.id'], name=op.f('fk_appeal_decision_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appeal')),
    sa.UniqueConstraint('decision_id', name=op.f('uq_appeal_decision_id')),
    sa.UniqueConstraint('uuid', name=op.f('uq_appeal_uuid'))
    )
    with op.batch_alter_table('appeal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_appeal_settled_at'), ['settled_at'], unique=False)

    op.create_table('report',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('post_id', sa.Integer(), nullable=True),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('rule', sa.Enum('true', 'own_name', 'not_for_sale', 'respect', 'privacy', 'safety', 'in_place', name='rule', native_enum=False, length=24), nullable=False),
    sa.Column('text', sa.String(length=1000), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('email', sa.String(length=254), nullable=True),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decision_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('(post_id IS NULL) <> (organisation_id IS NULL)', name=op.f('ck_report_one_subject')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_report_by_id')),
    sa.ForeignKeyConstraint(['decision_id'], ['decision.id'], name=op.f('fk_report_decision_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_report_organisation_id')),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_report_post_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report')),
    sa.UniqueConstraint('uuid', name=op.f('uq_report_uuid'))
    )
    with op.batch_alter_table('report', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_report_by_id'), ['by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_report_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_report_post_id'), ['post_id'], unique=False)
        batch_op.create_index('ix_report_settled_at', ['settled_at', 'created_at'], unique=False)

    with op.batch_alter_table('organisation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('hidden_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('reviewed_at', sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.add_column(sa.Column('moderator_at', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Forget all of it."""
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.drop_column('moderator_at')

    with op.batch_alter_table('organisation', schema=None) as batch_op:
        batch_op.drop_column('reviewed_at')
        batch_op.drop_column('hidden_at')

    with op.batch_alter_table('report', schema=None) as batch_op:
        batch_op.drop_index('ix_report_settled_at')
        batch_op.drop_index(batch_op.f('ix_report_post_id'))
        batch_op.drop_index(batch_op.f('ix_report_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_report_by_id'))

    op.drop_table('report')
    with op.batch_alter_table('appeal', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_appeal_settled_at'))

    op.drop_table('appeal')
    with op.batch_alter_table('hold', schema=None) as batch_op:
        batch_op.drop_index('ix_hold_post_id')
        batch_op.drop_index(batch_op.f('ix_hold_named_id'))
        batch_op.drop_index('ix_hold_due_at')

    op.drop_table('hold')
    with op.batch_alter_table('doubt', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_doubt_post_id'))
        batch_op.drop_index(batch_op.f('ix_doubt_asked_at'))

    op.drop_table('doubt')
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_decision_post_id'))
        batch_op.drop_index(batch_op.f('ix_decision_organisation_id'))
        batch_op.drop_index('ix_decision_created_at')

    op.drop_table('decision')
    with op.batch_alter_table('consent', schema=None) as batch_op:
        batch_op.drop_index('uq_consent_pair', sqlite_where=sa.text('revoked_at IS NULL'), postgresql_where=sa.text('revoked_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_consent_named_id'))

    op.drop_table('consent')
