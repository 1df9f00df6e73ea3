"""
What an installation costs a month, and what each of its parts carries: `python3 deploy/aws/cost.py` prints both tables.

Sizes are read from examples/*.tfvars, so the tables follow them. docs/cloud.md holds what is printed; a test compares.
List prices for us-east-1, on demand, without tax, savings plans or a new account's free months.
"""

import math
import re
from dataclasses import dataclass
from pathlib import Path

HOURS = 730
"""In a month, as AWS counts."""

EXAMPLES = Path(__file__).parent / "examples"

PRICES = {
    # Fargate, Linux on x86: vantage.sh/blog/fargate-pricing, wring.co (March 2026), read 2026-11-21.
    "vcpu_hour": 0.04048,
    "gb_hour": 0.004445,
    # RDS for PostgreSQL, one zone; a second doubles it. infratally.com and usage.ai (2026), read 2026-11-21.
    "db.t4g.micro": 0.016,
    "rds_gb": 0.115,
    # Not found in what could be read; AWS' list as of 2025: look them up before relying on them.
    "db.m7g.large": 0.168,
    "db.r7g.2xlarge": 0.956,
    # ELB, VPC, ECR, CloudWatch, Secrets Manager, S3, Route 53: AWS' list as of 2025; NAT confirmed by
    # projecthelena.com (2026), read 2026-11-21.
    "alb_hour": 0.0225,
    "lcu_hour": 0.008,
    "address_hour": 0.005,
    "nat_hour": 0.045,
    "endpoint_hour": 0.01,
    "ecr_gb": 0.10,
    "log_gb": 0.50,
    "metric": 0.30,
    "alarm": 0.10,
    "secret": 0.40,
    "s3_gb": 0.023,
    "zone": 0.50,
    # CloudFront, North America and Europe: aws.amazon.com/cloudfront/pricing, wring.co (March 2026), read 2026-11-21;
    # to the origin: AWS' list as of 2025.
    "edge_gb": 0.085,
    "edge_million": 1.00,
    "edge_to_origin_gb": 0.02,
    "function_million": 0.10,
}
"""US dollars."""

EDGE_FREE_GB, EDGE_FREE_MILLION, FUNCTION_FREE_MILLION = 1024, 10, 2
"""CloudFront's own, every month, for everybody: aws.amazon.com/cloudfront/pricing."""


@dataclass(frozen=True)
class Measured:
    """
    What was measured, and where; put new figures here, and nowhere else.

    Attributes:
        posts_per_second: acknowledged doodles a second through nginx, one by one, on `cores`, with PostgreSQL and the
            load generator on the same ones: docs/figures.md, "Under load".
        batched_per_second: the same in batches of 100.
        cores: that this was measured on.
        bytes_per_doodle: row and indexes: tests/benchmarks/scale.py, "five million take about 10 GB".
        run_seconds: a delta run of 7,000 drawings: docs/figures.md, "The loop" (9.4 s), and what a cold machine
            needs before it: an alarm's minute, pulling 1.5 GB, 15 s to import TensorFlow; estimated, not measured.
        request_bytes: a doodle in JSON with its strokes: the mean of 2 to 6 kB in model_server/app.py.
        log_bytes: nginx's line for a request.
        visit_bytes: pages, TensorFlow.js, wasm and model, compressed.
    """

    posts_per_second: float = 2_300
    batched_per_second: float = 17_500
    cores: float = 2
    bytes_per_doodle: float = 2_000
    run_seconds: float = 180
    request_bytes: float = 4_000
    log_bytes: float = 350
    visit_bytes: float = 500_000


@dataclass(frozen=True)
class Assumed:
    """How people draw. Change it, and the tables change."""

    drawings_per_person_minute: float = 4
    drawings_per_visit: float = 20
    requests_per_visit: float = 12
    average_share_of_peak: float = 0.25
    worker_hours_per_month: float = 60
    """Up to two hours a day: each run, and the minutes a worker waits for another one."""


PEAKS = {"small": 10, "middle": 1_000, "large": 100_000}
"""Drawings a minute each size is meant for, at its busiest."""


def read_numbers(size: str, block: str = "") -> dict[str, str]:
    """
    Read an example's variables.

    Args:
        size: which.
        block: of which variable; those outside of any if left out.
    """
    text = re.sub(r"#.*", "", (EXAMPLES / f"{size}.tfvars").read_text(encoding="utf-8"))
    blocks = re.findall(r"^(\w+)\s*=\s*\{(.*?)\}", text, re.MULTILINE | re.DOTALL)
    body = dict(blocks).get(block, "") if block else re.sub(r"\{.*?\}", "", text, flags=re.DOTALL)
    return {name: value.strip('"') for name, value in re.findall(r'(\w+)\s*=\s*("[^"]*"|[\w.]+)', body)}


def price_of_task(numbers: dict[str, str], hours: float) -> float:
    """Give what a task of this size costs in so many hours."""
    vcpus, memory_gb = float(numbers["cpu"]) / 1024, float(numbers["memory"]) / 1024
    return hours * (vcpus * PRICES["vcpu_hour"] + memory_gb * PRICES["gb_hour"])


def posts_per_task(site: dict[str, str], measured: Measured, load: float = 1.0) -> float:
    """Give how many single doodles a second a task of the site takes, at this share of its full load."""
    return measured.posts_per_second / measured.cores * float(site["cpu"]) / 1024 * load


def count_tasks(site: dict[str, str], drawings_per_minute: float, measured: Measured, assumed: Assumed) -> int:
    """Count the tasks of the site that this many drawings need: for their requests, and for their pages' streams."""
    streams = int(site["processes"]) * int(site.get("max_streams", 1000))
    for_requests = drawings_per_minute / 60 / posts_per_task(site, measured, load=0.6)
    for_streams = drawings_per_minute / assumed.drawings_per_person_minute / streams
    return max(int(site["min_count"]), math.ceil(max(for_requests, for_streams)))


def cost(size: str, measured: Measured, assumed: Assumed) -> dict[str, float]:
    """Give what a size costs a month, part by part, in US dollars."""
    top, site = read_numbers(size), read_numbers(size, "site")
    training, worker, database = (read_numbers(size, each) for each in ("training_server", "worker", "database"))
    average = PEAKS[size] * assumed.average_share_of_peak
    drawings = average * 60 * HOURS
    num_tasks = count_tasks(site, average, measured, assumed)
    zones = int(top.get("num_zones", 2))
    copies = 2 if database["is_multi_zone"] == "true" else 1
    return {
        "site (Fargate)": num_tasks * price_of_task(site, HOURS),
        "training_server (Fargate)": int(training["count"]) * price_of_task(training, HOURS),
        "worker (Fargate), 60 h": price_of_task(worker, assumed.worker_hours_per_month),
        "database, instance": copies * PRICES[database["instance_class"]] * HOURS,
        "database, storage": copies * float(database["storage_gb"]) * PRICES["rds_gb"],
        "load balancer": price_of_balancer(drawings, average, zones, measured, assumed),
        "way out of the network": price_of_way_out(top["egress"], zones, num_tasks + int(training["count"])),
        "CloudFront": price_of_edge(drawings, measured, assumed),
        "logs, metrics, alarms": drawings * measured.log_bytes / 1e9 * PRICES["log_gb"]
        + 3 * PRICES["metric"]
        + 11 * PRICES["alarm"],
        "images, versions, secrets, zone": 20 * PRICES["ecr_gb"]
        + 5 * PRICES["s3_gb"]
        + 3 * PRICES["secret"]
        + PRICES["zone"],
    }


def price_of_balancer(drawings: float, average: float, zones: int, measured: Measured, assumed: Assumed) -> float:
    """Give the load balancer's price: hours, its public addresses, and the dimension of its units that is used most."""
    gigabytes = drawings * measured.request_bytes / 1e9 / HOURS
    streams = average / assumed.drawings_per_person_minute / 3_000
    units = max(gigabytes, streams)
    return HOURS * (PRICES["alb_hour"] + units * PRICES["lcu_hour"] + zones * PRICES["address_hour"])


def price_of_way_out(egress: str, zones: int, num_tasks: int) -> float:
    """Give the price of variable egress."""
    if egress == "public":
        return num_tasks * PRICES["address_hour"] * HOURS
    if egress == "nat":
        return zones * (PRICES["nat_hour"] + PRICES["address_hour"]) * HOURS
    return 4 * zones * PRICES["endpoint_hour"] * HOURS


def price_of_edge(drawings: float, measured: Measured, assumed: Assumed) -> float:
    """Give CloudFront's price: what is sent to people, what they send, requests, and the function for versions."""
    visits = drawings / assumed.drawings_per_visit
    gigabytes = max(0, visits * measured.visit_bytes / 1e9 - EDGE_FREE_GB)
    millions = max(0, (drawings + visits * assumed.requests_per_visit) / 1e6 - EDGE_FREE_MILLION)
    asked = max(0, visits * 3 / 1e6 - FUNCTION_FREE_MILLION)
    return (
        gigabytes * PRICES["edge_gb"]
        + millions * PRICES["edge_million"]
        + asked * PRICES["function_million"]
        + drawings * measured.request_bytes / 1e9 * PRICES["edge_to_origin_gb"]
    )


def show_costs(measured: Measured, assumed: Assumed) -> str:
    """Give the table of costs, in Markdown."""
    columns = {size: cost(size, measured, assumed) for size in PEAKS}
    names = list(columns["small"])
    lines = [f"| US dollars a month | {' | '.join(PEAKS)} |", f"|---|{'---:|' * len(PEAKS)}"]
    lines += [f"| {name} | " + " | ".join(f"{columns[size][name]:,.0f}" for size in PEAKS) + " |" for name in names]
    sums = " | ".join(f"**{sum(columns[size].values()):,.0f}**" for size in PEAKS)
    return "\n".join([*lines, f"| **in all** | {sums} |"])


def show_limits(measured: Measured, assumed: Assumed) -> str:
    """Give the table of what each part does at each load, in Markdown."""
    sites = {size: read_numbers(size, "site") for size in PEAKS}
    rates = list(PEAKS.values())
    rows = {
        "single POSTs a second": [f"{rate / 60:,.1f}" for rate in rates],
        "open pages": [f"{rate / assumed.drawings_per_person_minute:,.0f}" for rate in rates],
        "tasks of the site, for requests alone": [
            f"{rate / 60 / posts_per_task(sites[size], measured, 0.6):,.2f}" for size, rate in PEAKS.items()
        ],
        "tasks of the site, for streams alone": [
            f"{rate / assumed.drawings_per_person_minute / (int(site['processes']) * 1000):,.2f}"
            for (size, rate), site in zip(PEAKS.items(), sites.values(), strict=True)
        ],
        "tasks of the site, started": [
            str(count_tasks(sites[size], rate, measured, assumed)) for size, rate in PEAKS.items()
        ],
        "of what one database is shown to take": [f"{rate / 60 / measured.posts_per_second:.1%}" for rate in rates],
        "the database grows a month by, at a quarter of it, GB": [
            f"{rate * assumed.average_share_of_peak * 60 * HOURS * measured.bytes_per_doodle / 1e9:,.1f}"
            for rate in rates
        ],
        "a run (200 new doodles) would be due every": [
            f"{200 / rate * 60:,.1f} s" if rate > 200 else f"{200 / rate:,.0f} min" for rate in rates
        ],
    }
    head = " | ".join(f"{rate:,}" for rate in rates)
    lines = [f"| drawings a minute | {head} |", f"|---|{'---:|' * len(rates)}"]
    return "\n".join([*lines, *(f"| {name} | {' | '.join(cells)} |" for name, cells in rows.items())])


if __name__ == "__main__":
    print(show_costs(Measured(), Assumed()), show_limits(Measured(), Assumed()), sep="\n\n")
