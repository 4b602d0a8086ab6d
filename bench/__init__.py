"""`make bench`: how fast the board is, told against a bare Flask hello on the same server."""
