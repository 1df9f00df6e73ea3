"""
Roll a release out on AWS.

    python3 deploy/roll_out --outputs outputs.json --version 1.2.3 --smoke "doodle smoke --url SITE_URL"

outputs.json is what `terraform output -json` prints in deploy/aws. Needed: Python 3.11, the `aws` command with the role
`deploy_role_arn`, and the release's images in ECR. Nothing is rolled out if the migration fails; a migration works with
the release before it, so what has been migrated stays when a release is taken back.
"""

import argparse
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

if not __package__:
    # Of a folder that is run, Python finds what is in it, and not the package it is.
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from roll_out.aws import ask_aws
from roll_out.errors import RollOutError
from roll_out.release import roll_out
from roll_out.site import read_site


def main(arguments: Sequence[str] | None = None) -> int:
    """Roll out as the command line says; give the exit status."""
    parser = argparse.ArgumentParser(description="Roll a release out on AWS.")
    parser.add_argument("--outputs", type=Path, required=True, help="what `terraform output -json` printed")
    parser.add_argument("--version", required=True, help="the tag of the release's images")
    parser.add_argument("--smoke", required=True, help="command that tries the site; SITE_URL in it is its address")
    given = parser.parse_args(arguments)
    try:
        site = read_site(given.outputs.read_text(encoding="utf-8"))
        command = [site.url if word == "SITE_URL" else word for word in shlex.split(given.smoke)]
        roll_out(site, given.version, lambda: subprocess.run(command, check=False).returncode == 0, ask_aws)
    except RollOutError as failure:
        print(failure, file=sys.stderr)
        return 1
    print(f"{given.version} runs at {site.url}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
