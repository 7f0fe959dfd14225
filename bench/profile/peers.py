"""Profiles a file once with a Python package and prints what it took as JSON.

Loading packages does not count, reading the file does.
Usage: peers.py <package> <csv|parquet> <path>; exit status 3 when the package is not installed.
"""

import json
import resource
import sys
import time

package, kind, path = sys.argv[1:4]


def read_pandas():
    import pandas

    return pandas.read_csv(path) if kind == "csv" else pandas.read_parquet(path)


def pandas_describe():
    return read_pandas().describe(include="all")


def polars_describe():
    import polars

    frame = polars.read_csv(path) if kind == "csv" else polars.read_parquet(path)
    return frame.describe()


def evidently_summary():
    from evidently import Dataset, Report
    from evidently.presets import DataSummaryPreset

    return Report([DataSummaryPreset()]).run(Dataset.from_pandas(read_pandas())).dict()


def whylogs_view():
    import whylogs

    return whylogs.log(read_pandas()).view().serialize()


ways = {
    "pandas": (["pandas"], pandas_describe),
    "polars": (["polars"], polars_describe),
    "evidently": (["pandas", "evidently", "evidently.presets"], evidently_summary),
    "whylogs": (["pandas", "whylogs"], whylogs_view),
}
modules, way = ways[package]
# What pandas reads Parquet with.
if kind == "parquet" and package != "polars":
    modules = [*modules, "pyarrow"]
try:
    for module in modules:
        __import__(module)
except ImportError as error:
    print(f"{package} is not installed: {error}", file=sys.stderr)
    sys.exit(3)


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


started, cpu_before = time.perf_counter(), cpu_seconds()
way()
print(
    json.dumps(
        {
            "seconds": time.perf_counter() - started,
            "cpuSeconds": cpu_seconds() - cpu_before,
            "peakMegabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
        }
    )
)
