"""Pages about tickets: HTTP in, one service call, HTML out. Staff and contacts share addresses."""
