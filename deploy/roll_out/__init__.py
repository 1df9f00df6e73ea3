"""
Rolling a release out on AWS: migrate, one service after the other, try it, and take everything back if that fails.

Nothing but Python's own library, so that a bare machine can run it; `python3 deploy/roll_out --help`.
"""
