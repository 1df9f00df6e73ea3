"""The story: a release gets through whole, or the site runs what it ran before."""

import subprocess
from collections.abc import Callable

from roll_out.aws import Aws
from roll_out.errors import RollOutError
from roll_out.migration import migrate
from roll_out.services import Change, bring, describe_service, take_back
from roll_out.site import Site
from roll_out.task_definitions import find_image, register
from roll_out.waiting import Clock


def roll_out(site: Site, version: str, smoke: Callable[[], bool], aws: Aws, clock: Clock | None = None) -> None:
    """
    Bring a site to a release, or leave it as it was.

    Args:
        site: what there is.
        version: the tag of its images.
        smoke: tries the site; whether it works.
        aws: see Aws.
        clock: for tests.

    Raises:
        RollOutError: the release did not get through.
    """
    time_ = clock or Clock()
    images = {repository: find_image(aws, repository, version) for repository in site.images.values()}
    migrate(site, register(aws, site.migrate["family"], images), aws, time_)
    changes: list[Change] = []
    try:
        for entry in site.services:
            change = Change(
                entry["service"],
                before=describe_service(aws, site.cluster, entry["service"])["taskDefinition"],
                after=register(aws, entry["family"], images),
            )
            changes.append(change)
            bring(site, change.service, change.after, aws, time_)
        print("trying it", flush=True)
        if not smoke():
            raise RollOutError("The site does not work with it.")
    except (RollOutError, subprocess.CalledProcessError) as failure:
        take_back(site, changes, aws, time_)
        raise RollOutError(f"{failure} Everything runs again as before.") from failure
