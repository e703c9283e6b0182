"""The command `bordersim`: one module for each verb, loaded when it is called.

Only this module is imported for `--help`, so it imports nothing heavy.
"""

import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from sim.errors import BordersimError

app = typer.Typer(
    name="bordersim",
    help="How much does it matter how two neighbouring border forces coordinate?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

ScenarioArgument = Annotated[Path, typer.Argument(metavar="SCENARIO", help="Scenario file.")]
PolicyOption = Annotated[
    str | None,
    typer.Option(help="Policy file, or the name of one in the policies folder beside SCENARIO."),
]
SeedOption = Annotated[int, typer.Option(help="Seed of all chance in the run.")]
DaysOption = Annotated[float | None, typer.Option(help="Length of the run, days.")]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="KEY=VALUE", help="Change a value, e.g. sharing.interval_days=7."
    ),
]
OutOption = Annotated[Path | None, typer.Option(help="Folder for results.")]
AllowCodeOption = Annotated[
    bool,
    typer.Option(
        "--allow-code", help="Honour names of Python code in the files; only if you trust them."
    ),
]
ExperimentArgument = Annotated[Path, typer.Argument(metavar="EXPERIMENT", help="Experiment file.")]
WorkersOption = Annotated[int, typer.Option(help="Processes, -1 for all cores.")]
ReplicationsOption = Annotated[
    int | None, typer.Option(help="Runs of each point, in place of the file's.")
]
AchievableOption = Annotated[
    int | None,
    typer.Option(
        help="Seeds on which to simulate what can be achieved, and so score policies; 0 for none; "
        "in place of the file's."
    ),
]
DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Only say what would be run, and how long it takes.")
]
RetryFailedOption = Annotated[
    bool, typer.Option("--retry-failed", help="Make runs again that failed.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document only.")]


def settings_of(assignments: list[str] | None, days: float | None) -> dict[str, Any]:
    """Turn --set and --days into overrides."""
    from sim.scenario.files import parse_setting

    overrides = dict(parse_setting(text) for text in assignments or [])
    if days is not None:
        overrides["time.days"] = days
    return overrides


def find_code(allowed: bool) -> None:
    """Let code that files name be found in the folder that the command is called from."""
    if allowed:
        sys.path.insert(0, str(Path.cwd()))


@app.command()
def run(
    scenario: ScenarioArgument,
    policy: PolicyOption = None,
    seed: SeedOption = 1,
    days: DaysOption = None,
    assignments: SetOption = None,
    engine: Annotated[
        Literal["auto", "agents", "compiled"],
        typer.Option(
            help="Which engine runs it; both give the same events. auto takes what is done first."
        ),
    ] = "auto",
    out: OutOption = None,
    as_json: JsonOption = False,
    twin: Annotated[
        bool, typer.Option("--twin", help="Run the same without coordination as well.")
    ] = False,
    allow_code: AllowCodeOption = False,
) -> None:
    """Run a scenario once; print what happened, and what each side's records show."""
    from sim.cli.run import run_command

    find_code(allow_code)
    overrides = settings_of(assignments, days)
    run_command(scenario, policy, seed, overrides, engine, out, as_json, twin, allow_code)


@app.command()
def validate(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files to check.")],
    allow_code: AllowCodeOption = False,
) -> None:
    """Check scenario, policy and experiment files; list every error."""
    from sim.cli.validate import validate_command

    find_code(allow_code)
    validate_command(files, allow_code)


@app.command()
def schema(
    kind: Annotated[
        str,
        typer.Argument(metavar="KIND", help="scenario, policy or experiment; or parameters."),
    ],
) -> None:
    """Print the JSON Schema of a kind of file, or all parameters with units and sources."""
    from sim.cli.validate import schema_command

    schema_command(kind)


@app.command()
def compare(
    experiment: ExperimentArgument,
    out: OutOption = None,
    workers: WorkersOption = -1,
    replications: ReplicationsOption = None,
    days: DaysOption = None,
    achievable: AchievableOption = None,
    as_json: JsonOption = False,
    allow_code: AllowCodeOption = False,
) -> None:
    """Run an experiment and compare its policies; the main job. Runs that are done are kept."""
    from sim.cli.compare import compare_command

    find_code(allow_code)
    compare_command(experiment, out, workers, replications, days, achievable, as_json, allow_code)


@app.command()
def batch(
    experiment: ExperimentArgument,
    out: OutOption = None,
    workers: WorkersOption = -1,
    cluster: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Dask scheduler, in place of processes.")
    ] = None,
    dry_run: DryRunOption = False,
    replications: ReplicationsOption = None,
    days: DaysOption = None,
    achievable: AchievableOption = None,
    as_json: JsonOption = False,
    allow_code: AllowCodeOption = False,
    retry_failed: RetryFailedOption = False,
) -> None:
    """Make the runs of an experiment; the same call again goes on, and repeats nothing."""
    from sim.cli.batch import batch_command

    find_code(allow_code)
    batch_command(
        experiment,
        out,
        workers,
        cluster,
        dry_run,
        replications,
        days,
        achievable,
        as_json,
        allow_code,
        retry_failed,
    )


@app.command()
def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a batch.")],
    as_json: JsonOption = False,
) -> None:
    """Write tables, figures and the report of stored results, and print the policy table."""
    from sim.cli.report import report_command

    report_command(folder, as_json)


@app.command()
def sensitivity(
    experiment: ExperimentArgument,
    out: OutOption = None,
    workers: WorkersOption = -1,
    dry_run: DryRunOption = False,
    replications: ReplicationsOption = None,
    days: DaysOption = None,
    as_json: JsonOption = False,
    allow_code: AllowCodeOption = False,
    retry_failed: RetryFailedOption = False,
) -> None:
    """Run a Morris or Sobol' design; say which factors outcomes hang on. Runs are kept."""
    from sim.cli.sensitivity import sensitivity_command

    find_code(allow_code)
    sensitivity_command(
        experiment,
        out,
        workers,
        dry_run,
        replications,
        days,
        as_json,
        allow_code,
        retry_failed,
    )


@app.command()
def optimum(
    scenario: ScenarioArgument,
    policy: Annotated[
        list[str] | None,
        typer.Option(
            help="Policy file, or the name of one in the policies folder beside SCENARIO; several "
            "are scored on the same chance."
        ),
    ] = None,
    seed: SeedOption = 1,
    replications: Annotated[
        int, typer.Option(help="Runs of each policy, of the floor and of the ceilings; 0 for none.")
    ] = 3,
    days: Annotated[
        float | None, typer.Option(help="Length of a run, days; at most 120 if not told.")
    ] = None,
    assignments: SetOption = None,
    as_json: JsonOption = False,
    allow_code: AllowCodeOption = False,
) -> None:
    """Solve a scenario's patrol game; say how much of what can be achieved policies do."""
    from sim.cli.optimum import optimum_command

    find_code(allow_code)
    overrides = settings_of(assignments, days)
    optimum_command(scenario, policy or [], seed, replications, overrides, as_json, allow_code)


@app.command()
def import_border(
    first: Annotated[str, typer.Argument(metavar="AAA", help="Country, ISO 3166 alpha-3.")],
    second: Annotated[str, typer.Argument(metavar="BBB", help="Its neighbour.")],
    countries: Annotated[Path, typer.Option(help="GeoJSON or TopoJSON of countries.")],
    out: Annotated[Path, typer.Option(help="Folder to make; scenario.toml is in it.")],
    provinces: Annotated[
        Path | None, typer.Option(help="GeoJSON or TopoJSON of provinces.")
    ] = None,
    segment_km: Annotated[float, typer.Option(help="Length of a segment, km.")] = 10.0,
) -> None:
    """Make a scenario world of any two neighbouring countries."""
    from sim.cli.world import import_border_command

    import_border_command(first, second, countries, provinces, segment_km, out)


@app.command()
def animate(
    scenario: ScenarioArgument,
    out: Annotated[
        Path,
        typer.Option(
            "--out", "-o", help="File to write: .html to play, .mp4, .gif, or .png for a still."
        ),
    ],
    policy: Annotated[
        list[str] | None,
        typer.Option(
            help="Policy file, or the name of one in the policies folder beside SCENARIO; twice "
            "to see both side by side on the same chance."
        ),
    ] = None,
    seed: SeedOption = 1,
    days: DaysOption = None,
    assignments: SetOption = None,
    hours_per_second: Annotated[
        float, typer.Option(help="Simulated hours to a second of film.")
    ] = 8.0,
    at: Annotated[
        float | None, typer.Option(help="Moment of a still, days since the start; else the end.")
    ] = None,
    trainee: Annotated[
        bool,
        typer.Option(
            "--trainee", help="Leave out of .html the truth and the answers to questions."
        ),
    ] = False,
    after_action: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.html",
            help="Write a review of the run as well: what each side knew at each stop, and why "
            "attempts got through.",
        ),
    ] = None,
    allow_code: AllowCodeOption = False,
) -> None:
    """Make a run into a page to play (.html), a film (.mp4, .gif; 7 days if not told), a still."""
    from sim.cli.animate import animate_command

    find_code(allow_code)
    overrides = settings_of(assignments, days)
    animate_command(
        scenario, out, policy or [], seed, overrides, hours_per_second, at, trainee, after_action,
        allow_code,
    )  # fmt: skip


@app.command()
def play(
    scenario: ScenarioArgument,
    policy: PolicyOption = None,
    seed: SeedOption = 1,
    days: DaysOption = None,
    assignments: SetOption = None,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port on this machine; 0 for any that is free.")
    ] = 8765,
    browser: Annotated[bool, typer.Option(help="Open a page in the browser.")] = True,
    allow_code: AllowCodeOption = False,
) -> None:
    """Steer a run in the browser while it goes on; Ctrl-C ends it. Needs the extra play."""
    from sim.cli.play import play_command

    find_code(allow_code)
    overrides = settings_of(assignments, days)
    play_command(scenario, policy, seed, overrides, port, browser, allow_code)


@app.command()
def verify(
    rung: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Only this rung, or those of this section; repeatable."),
    ] = None,
    engine: Annotated[
        Literal["both", "compiled", "agents"],
        typer.Option(
            help="Which engine makes the runs; both: compiled, and a short run of each rung by the "
            "agents, which must give the same events. agents alone takes a quarter of an hour."
        ),
    ] = "both",
    quick: Annotated[
        bool,
        typer.Option("--quick", help="A quarter of the runs: standard errors of twice the size."),
    ] = False,
    workers: WorkersOption = -1,
    as_json: JsonOption = False,
) -> None:
    """Reproduce what is known exactly, by simulation; fail if anything comes out otherwise."""
    from sim.cli.verify import verify_command

    verify_command(rung or [], engine, quick, workers, as_json)


def main() -> None:
    """Run the command; errors on purpose become a message and an exit code."""
    try:
        app()
    except BordersimError as error:
        print(f"bordersim: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except MemoryError as error:
        remedy = "shorten the run, or lower counts and rates of groups"
        print(f"bordersim: not enough memory: {error} ({remedy})", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("bordersim: interrupted", file=sys.stderr)
        sys.exit(130)
