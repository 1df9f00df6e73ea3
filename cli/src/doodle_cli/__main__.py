"""`python -m doodle_cli`: the same as `doodle`."""

from doodle_cli.main import main

if __name__ == "__main__":
    main()
