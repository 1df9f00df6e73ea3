"""The `doodle` command: runs the stack as plain processes and talks to its HTTP API."""
