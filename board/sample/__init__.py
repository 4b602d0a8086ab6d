"""Sample data: invented organisations and posts, for trying the board out."""
