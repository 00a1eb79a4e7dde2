# .NET: dotnet test, and dotnet publish for the architecture of the function.
import glob
import os

from code_artifact import check_dotnet
from files import pack, require_submodules
from steps import RECIPE, ROOT, main, note, refuse, run, setting, shown, source, step, tests_named, upward

PROJECTS = ("*.csproj", "*.fsproj", "*.vbproj")


def projects(folder):
    return sorted(file for pattern in PROJECTS for file in glob.glob(os.path.join(glob.escape(folder), pattern)))


def project():
    found = projects(source())
    if len(found) != 1:
        below = sorted(file for pattern in PROJECTS for file in glob.glob(os.path.join(glob.escape(source()), "**", pattern), recursive=True))
        example = f", for example {shown(os.path.dirname(below[0]))!r}" if below else ""
        refuse(
            f"{shown(source())} contains {len(found) or 'no'} project file{'s' if len(found) != 1 else ''} (*.csproj)",
            f"set buildProject.sourceDirectory to the directory of the function's project{example}",
        )
    return found[0]


def install():
    check_dotnet()
    step(f"restore {shown(project())}")
    run("dotnet", "restore", project())


def test():
    step("run the unit tests")
    named = tests_named()
    places = [named] if named else [os.path.join(up, name) for up in upward(source()) for name in ("tests", "test")]
    tests = next((place for place in places if os.path.isdir(place)), None)
    if not tests:
        return note("no unit tests: no directory tests or test in the source directory or above it")
    coverage = ["--collect", "XPlat Code Coverage"] if setting("COVERAGE") else []
    reports = os.path.join(ROOT, "reports")
    targets = projects(tests) or sorted(
        file for pattern in PROJECTS for file in glob.glob(os.path.join(glob.escape(tests), "*", pattern))
    )
    for each in targets or [tests]:
        run("dotnet", "test", each, "--logger", "trx", "--results-directory", reports, *coverage)
    return None


def package():
    target = os.path.join(RECIPE, "package")
    require_submodules(source())
    step(f"publish {shown(project())}")
    machine = "arm64" if setting("ARCHITECTURE") == "arm64" else "x64"
    run(
        *["dotnet", "publish", project(), "--configuration", "Release", "--runtime", f"linux-{machine}"],
        *["--self-contained", "false", "--output", target, "-p:Deterministic=true", "-p:ContinuousIntegrationBuild=true"],
    )
    pack(target)


if __name__ == "__main__":
    main({"install": install, "test": test, "package": package})
