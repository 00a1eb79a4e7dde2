# Python: uv installs the dependencies from the lists that each package manager exports. pytest runs the tests.
import base64
import glob
import hashlib
import os
import re
import shutil
import sys

from code_artifact import check_python, check_requirements
from files import Files, pack, require_submodules, written_here
from steps import (CALLS_AWS, CODE_ARTIFACT, RECIPE, ROOT, TOOLS, main, manifest_named, note, own, read, refuse, remember, run, setting, shown,
                   source, step, tests_named, upward)

try:
    import tomllib
except ImportError:
    from pip._vendor import tomli as tomllib

UV = "0.13.9"
MANIFESTS = ["uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "pylock.toml", "requirements.txt",
             "requirements/prod.txt", "requirements/production.txt", "requirements/base.txt", "Pipfile", "pyproject.toml", "setup.py"]
FOR_TESTS = re.compile(r"^(dev|develop|development|tests?|testing|unit|pytest|ci)([-_.].*)?$", re.I)
# Their tests call deployed resources. The stage Verify can run them.
NOT_UNIT_TESTS = re.compile(r"^(integration|e2e|end[-_]to[-_]end|acceptance|system|load|performance)([-_]?tests?)?$", re.I)
TEST_FILES = ["requirements[-_]dev*.txt", "requirements[-_]test*.txt", "dev[-_]requirements.txt", "test[-_]requirements.txt",
              "requirements/dev*.txt", "requirements/test*.txt"]
REMEDIES = [
    CALLS_AWS,
    (r"ModuleNotFoundError: No module named '([\w.]+)'", "declare {0} for the tests, for example in requirements-dev.txt"),
    (r"ImportError|ERROR collecting", "pin the packages of the tests in the versions that the tests were written for, "
     "or skip the tests with buildProject.preBuildCommands: []"),
]
VENV = os.path.join(RECIPE, "venv")
PYTHON = os.path.join(VENV, "bin", "python")


def toml(file):
    try:
        return tomllib.loads(read(file))
    except ValueError as error:
        return refuse(f"{shown(file)} is not valid TOML: {error}", "correct the file")


def uv(*args, **options):
    tool = os.path.join(TOOLS, f"uv-{UV}", "bin", "uv")
    if not os.path.exists(tool):
        tool = install_uv(tool)
    return run(tool, *args, env={**index(), **options.pop("env", {})}, **options)


def install_uv(tool):
    # In the pinned version. A repository of CodeArtifact without a public upstream may have another one, or none.
    fresh = os.path.join(RECIPE, "uv")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--root-user-action=ignore",
           "--target", fresh]
    _, lines = run(*pip, f"uv=={UV}", allowed=range(256) if CODE_ARTIFACT else (0,))
    if not any("No matching distribution" in line for line in lines):
        if not os.path.exists(os.path.join(fresh, "bin", "uv")):
            sys.exit("error: pip could not install uv:\n  " + "\n  ".join(lines[-5:]))
        os.makedirs(TOOLS, exist_ok=True)
        try:
            os.rename(fresh, os.path.dirname(os.path.dirname(tool)))
            return tool
        except OSError:
            return os.path.join(fresh, "bin", "uv")
    if shutil.which("uv"):
        note(f"the CodeArtifact repository does not have uv {UV}: the recipe uses the uv of the build image")
        return shutil.which("uv")
    if run(*pip, "uv", allowed=range(256))[0]:
        refuse("the recipe needs uv, which the CodeArtifact repository does not have",
               "connect the repository to public:pypi, publish the wheel of uv to it, or use a build image with uv")
    note(f"the CodeArtifact repository does not have uv {UV}: the recipe uses its newest version")
    return os.path.join(fresh, "bin", "uv")


def index():
    # uv does not read the configuration of pip. pip uses all indexes of a requirements file, and so does uv here.
    given = {"UV_PYTHON_DOWNLOADS": "never", "UV_LINK_MODE": "copy", "UV_NO_PROGRESS": "1", "UV_INDEX_STRATEGY": "unsafe-best-match"}
    if not any(name in os.environ for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL")):
        _, lines = run(sys.executable, "-m", "pip", "config", "list", quiet=True, silent=True)
        for name, variable in (("index-url", "UV_DEFAULT_INDEX"), ("extra-index-url", "UV_INDEX")):
            values = [line.split("=", 1)[1].strip("'") for line in lines if re.match(rf"\S*\.{name}=", line)]
            if values:
                given[variable] = values[-1].replace("\\n", " ").strip()
    return given


def manifest():
    named = manifest_named()
    if named:
        return named
    others = []
    for folder in upward(source()):
        for name in MANIFESTS:
            file = os.path.join(folder, name)
            if os.path.isfile(file) and declares(file):
                return file
        others += glob.glob(os.path.join(folder, "*requirements*.txt")) + glob.glob(os.path.join(folder, "environment.y*ml"))
    others = [file for file in others if file not in test_files(source())]
    if others:
        refuse(f"{shown(others[0])} seems to declare dependencies, and no other file does",
               "set buildProject.dependencyFile to this file, or add an empty requirements.txt to the source directory")
    return None


def declares(file):
    name = os.path.basename(file)
    if name == "pyproject.toml":
        data = toml(file)
        return "project" in data or "poetry" in data.get("tool", {})
    return name != "setup.py" or "install_requires" in read(file)


class Dependencies:
    # Requirements files for `uv pip install`, and the directory to which their paths are relative.
    def __init__(self, folder, files, complete=False, more=()):
        self.folder, self.complete = folder, complete
        self.args = [arg for file in files for arg in ("-r", file)] + list(more) + (["--no-deps"] if complete else [])

    def install(self, *args):
        platform = setting("PLATFORM")
        uv("pip", "install", *(["--python-platform", platform] if platform else []), *args, *self.args, cwd=self.folder,
           env={"UV_NO_EDITABLE": "1"})


def dependencies(file, tests=False):
    folder, name = os.path.split(file)
    if name == "pyproject.toml":
        data, lock = toml(file), workspace_lock(file)
        if lock:
            return from_uv(lock, file, tests)
        if "project" not in data:
            note(f"no poetry.lock in {shown(folder)}: versions can change between builds")
            return from_poetry(folder, tests, locked=False)
        groups = [f"{file}:{group}" for group in data.get("dependency-groups", {}) if FOR_TESTS.match(group)]
        extras = [extra for extra in data["project"].get("optional-dependencies", {}) if FOR_TESTS.match(extra)]
        more = [arg for group in groups for arg in ("--group", group)] + [arg for extra in extras for arg in ("--extra", extra)]
        return Dependencies(folder, [file], more=more + of_tools(data) if tests else ())
    if name == "uv.lock":
        project = next((pyproject for pyproject in (os.path.join(up, "pyproject.toml") for up in upward(source()))
                        if os.path.isfile(pyproject) and workspace_lock(pyproject) == file), os.path.join(folder, "pyproject.toml"))
        return from_uv(file, project, tests)
    if name == "poetry.lock":
        return from_poetry(folder, tests)
    if name == "pdm.lock":
        return from_pdm(folder, tests)
    if name in ("Pipfile", "Pipfile.lock"):
        return from_pipenv(folder, tests)
    return Dependencies(folder if name == "setup.py" else ROOT, [file])


def groups_of(data):
    older = ["dev"] if "dev-dependencies" in data.get("tool", {}).get("uv", {}) else []
    return list(dict.fromkeys([name for name in [*data.get("dependency-groups", {}), *older] if FOR_TESTS.match(name)]))


def of_tools(data):
    # Requirements of the tests in the tables of uv, PDM, and Hatch, which are older than dependency groups.
    tools = data.get("tool", {})
    lists = [tools.get("uv", {}).get("dev-dependencies", [])]
    lists += [each for name, each in tools.get("pdm", {}).get("dev-dependencies", {}).items() if FOR_TESTS.match(name)]
    for name, env in tools.get("hatch", {}).get("envs", {}).items():
        if name == "default" or FOR_TESTS.match(name) or name.startswith("hatch-test"):
            lists += [env.get("dependencies", []), env.get("extra-dependencies", [])]
    return [requirement for each in lists for requirement in each if not requirement.startswith("-")]


def workspace_lock(pyproject):
    # The uv.lock that contains this project.
    folder = os.path.dirname(pyproject)
    for up in upward(folder):
        lock = os.path.join(up, "uv.lock")
        if os.path.isfile(lock):
            for package in toml(lock).get("package", []):
                place = package.get("source", {})
                path = place.get("editable") or place.get("virtual")
                if path and os.path.normpath(os.path.join(up, path)) == folder:
                    return lock
    return None


def plain(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def requirement_name(requirement):
    return plain(re.match(r"\s*([\w.-]*)", requirement)[1])


def from_uv(lock, pyproject, tests):
    folder, data = os.path.dirname(lock), toml(pyproject)
    env = {name: "" for name in ("UV_DEFAULT_INDEX", "UV_INDEX")}
    export = ["export", "--quiet", "--no-emit-project", "--no-editable", "--no-hashes", "--no-annotate", "--no-header"]
    code, lines = uv(*export, "--locked", "--offline", cwd=folder, env=env, allowed=range(256), quiet=True)
    locked = next((each for each in toml(lock).get("package", []) if each["name"] == plain(data.get("project", {}).get("name", ""))), {})
    missing = {requirement_name(each) for each in data.get("project", {}).get("dependencies", [])} - {
        each["name"] for each in locked.get("metadata", {}).get("requires-dist", locked.get("dependencies", []))}
    if missing or (code and any("needs to be updated" in line for line in lines)):
        refuse(f"{shown(lock)} does not match {shown(pyproject)}" + (f": {', '.join(sorted(missing))} is missing" if missing else ""),
               "run `uv lock` and commit uv.lock")
    package = ["--package", data["project"]["name"]] if "project" in data else []
    groups = [arg for group in groups_of(data) for arg in ("--group", group)]
    extras = [arg for extra in data.get("project", {}).get("optional-dependencies", {}) if FOR_TESTS.match(extra) for arg in ("--extra", extra)]
    lists = [[*package, *(groups + extras if tests else [])]]
    root = os.path.join(folder, "pyproject.toml")
    if tests and root != pyproject:
        lists += [["--only-group", group] for group in groups_of(toml(root))]
    files = []
    for number, args in enumerate(lists):
        files.append(os.path.join(RECIPE, f"uv-{number}.txt"))
        uv(*export, "--frozen", "--no-default-groups", *args, "-o", files[-1], cwd=folder)
    return Dependencies(folder, files, complete=True)


def from_poetry(folder, tests, locked=True):
    lock, data = os.path.join(folder, "poetry.lock"), toml(os.path.join(folder, "pyproject.toml"))
    poetry = data.get("tool", {}).get("poetry", {})
    old = locked and re.search(r"generated by Poetry 1\.", read(lock))
    tool = ["poetry==1.8.5", "poetry-plugin-export==1.8.0"] if old else ["poetry>=2.1,<3", "poetry-plugin-export>=1.9,<2"]
    if "requires-poetry" in poetry:
        tool = ["poetry" + poetry["requires-poetry"], "poetry-plugin-export"]
    command = ["tool", "run", "--quiet", "--from", tool[0], "--with", tool[1], "poetry"]
    if not locked:
        uv(*command, "lock", cwd=folder)
    groups = [*poetry.get("group", {}), *groups_of(data), *(["dev"] if "dev-dependencies" in poetry else [])]
    chosen = [group for group in dict.fromkeys(groups) if FOR_TESTS.match(group)]
    file = os.path.join(RECIPE, "poetry.txt")
    code, lines = uv(*command, "export", "--without-hashes", "-f", "requirements.txt", "-o", file, "--only",
                     ",".join(["main", *(chosen if tests else [])]), cwd=folder, allowed=range(256))
    if code and any("poetry.lock" in line and "lock" in line and "changed" in line for line in lines):
        refuse(f"{shown(lock)} does not match pyproject.toml", "run `poetry lock` and commit poetry.lock")
    if code:
        refuse(f"Poetry cannot export {shown(lock)} (see its output above)", "run `poetry export` in the repository and correct the errors")
    remember("poetry.txt", re.sub(r"^-e +", "", read(file), flags=re.M))
    return Dependencies(folder, [file], complete=True)


def from_pdm(folder, tests):
    command = ["tool", "run", "--quiet", "--from", "pdm>=2.22,<3", "pdm"]
    lock, file = os.path.join(folder, "pdm.lock"), os.path.join(RECIPE, "pdm.txt")
    env = {"PDM_CHECK_UPDATE": "0", "PDM_IGNORE_SAVED_PYTHON": "1", "PDM_PYTHON": sys.executable}
    if uv(*command, "lock", "--check", cwd=folder, env=env, allowed=range(256))[0]:
        refuse(f"{shown(lock)} does not match pyproject.toml", "run `pdm lock` and commit pdm.lock")
    uv(*command, "export", *([] if tests else ["--prod"]), "--no-hashes", "-f", "requirements", "-o", file, cwd=folder, env=env)
    remember("pdm.txt", re.sub(r"^-e +", "", read(file), flags=re.M))
    return Dependencies(folder, [file], complete=True)


def from_pipenv(folder, tests):
    if not os.path.exists(os.path.join(folder, "Pipfile.lock")):
        refuse(f"{shown(os.path.join(folder, 'Pipfile'))} has no Pipfile.lock", "run `pipenv lock` and commit Pipfile.lock")
    command = ["tool", "run", "--quiet", "--from", "pipenv>=2025,<2027", "pipenv"]
    env = {"PIPENV_IGNORE_VIRTUALENVS": "1", "PIPENV_PYTHON": sys.executable, "PIPENV_QUIET": "1"}
    if uv(*command, "verify", cwd=folder, env=env, allowed=range(256))[0]:
        refuse(f"{shown(os.path.join(folder, 'Pipfile.lock'))} does not match Pipfile", "run `pipenv lock` and commit Pipfile.lock")
    _, lines = uv(*command, "requirements", "--exclude-index", *(["--dev"] if tests else []), cwd=folder, env=env)
    remember("pipenv.txt", "\n".join(re.sub(r"^-e +", "", line) for line in lines if re.match(r"[\w.@-]", line) and " not found" not in line))
    return Dependencies(folder, [os.path.join(RECIPE, "pipenv.txt")], complete=True)


def test_files(folder):
    # Requirements of the tests, in the source directory, in the directories above it, and beside the tests.
    folders = [*upward(folder), *([os.path.join(up, "tests") for up in upward(folder)])]
    files = [file for up in folders for pattern in TEST_FILES for file in sorted(glob.glob(os.path.join(up, pattern)))]
    return files + [file for up in folders if up.endswith("tests") for file in glob.glob(os.path.join(up, "requirements.txt"))]


def install():
    here = "python%d.%d" % sys.version_info[:2]
    if setting("RUNTIME") not in (None, here):
        pinned = next((file for file in (os.path.join(up, ".python-version") for up in upward(source())) if os.path.isfile(file)), None)
        refuse(f"the build runs {here}, but the runtime of the function is {setting('RUNTIME')}",
               f"correct {shown(pinned)}" if pinned else "use a build image with the same version")
    file = manifest()
    # Before the first download: uv reads the indexes of pyproject.toml for every command.
    check_python(file, source())
    step("create a virtual environment for the tests")
    uv("venv", "--quiet", "--seed", "--clear", "--python", sys.executable, VENV)
    remember("environment", f'export VIRTUAL_ENV="{VENV}" PATH="{VENV}/bin:$PATH"\n')
    if not file:
        note("no dependencies: no requirements.txt, pyproject.toml, or lock file in the source directory or above it")
    tests = find_tests()
    if file:
        step(f"install the dependencies of {shown(file)}" + (" and those of the tests" if tests else ""))
        dependencies(file, tests=bool(tests)).install("--python", PYTHON)
    more = test_files(source()) if tests else []
    for each in more:
        check_requirements(each)
    if more:
        step("install " + ", ".join(shown(each) for each in more))
        Dependencies(ROOT, more).install("--python", PYTHON)
    if tests:
        needed = [name for name in ("pytest", "coverage" if setting("COVERAGE") else None) if name and not installed(name)]
        if needed:
            uv("pip", "install", "--quiet", "--python", PYTHON, *needed)
    _, lines = uv("pip", "freeze", "--python", PYTHON, quiet=True)
    remember("constraints.txt", "\n".join(line for line in lines if re.match(r"[\w.-]+==", line)))


def installed(name):
    return bool(glob.glob(os.path.join(VENV, "lib", "python*", "site-packages", name, "__init__.py")))


def is_test(path):
    name = os.path.basename(path)
    named = re.match(r"(test_.*|.*_test)\.py$", name) and os.path.isfile(path)
    return bool(named and re.search(r"^\s*(async )?def test|^class Test|unittest", read(path), re.M)) or name == "conftest.py"


def has_tests(folder, without=()):
    return any(is_test(os.path.join(up, file)) for up, folders, files in os.walk(folder) for file in files
               if not re.search(r"/(\.?venv|node_modules|site-packages)/", up + "/") and file != "conftest.py"
               and not any((up + os.sep).startswith(each + os.sep) for each in without))


def other_tests(folder):
    # Directories below the tests whose names say that they hold no unit tests.
    return [os.path.join(up, name) for up, folders, _ in os.walk(folder) for name in sorted(folders) if NOT_UNIT_TESTS.match(name)]


def find_tests():
    named = tests_named()
    if named:
        return named
    for folder in upward(source()):
        for name in ("tests/unit", "tests", "test/unit", "test"):
            place = os.path.join(folder, name)
            if has_tests(place, other_tests(place)):
                return place
    return source() if has_tests(source(), other_tests(source())) else None


def test():
    step("run the unit tests")
    tests = find_tests()
    if not tests:
        return note("no unit tests: no directory tests with files test_*.py in the source directory or above it")
    folder = ROOT if setting("TESTS") or tests == source() else tests[: re.search(r"/tests?(/unit)?$", tests).start()]
    python = PYTHON if os.path.exists(PYTHON) else sys.executable
    measure = ["-m", "coverage", "run", f"--source={source()}", f"--omit={tests}/*"] if setting("COVERAGE") else []
    path = os.pathsep.join(filter(None, [source(), os.path.join(folder, "src"), os.environ.get("PYTHONPATH")]))
    report = own("reports", "unit-tests.xml")
    others = [] if setting("TESTS") else other_tests(tests)
    if others:
        note(f"these tests are not run, because their directories are not for unit tests: {', '.join(map(shown, others))}")
    ignored = [f"--ignore={os.path.relpath(each, folder)}" for each in others]
    code, _ = run(python, *measure, "-m", "pytest", os.path.relpath(tests, folder), *ignored, f"--junitxml={report}", cwd=folder,
                  env={"PYTHONPATH": path}, allowed=(0, 5), remedies=REMEDIES)
    if code == 5:
        problem = f"pytest found no tests in {shown(tests)}"
        return refuse(problem, "rename the test files to test_*.py, or correct buildProject.testDirectory") if setting("TESTS") else note(problem)
    if measure:
        run(python, "-m", "coverage", "xml", "-o", own("coverage-report", "coverage.xml"), cwd=folder)
    return None


def package():
    target = os.path.join(RECIPE, "package")
    os.makedirs(target)
    require_submodules(source())
    file = manifest()
    if file:
        check_python(file, source())
        step(f"install the dependencies of {shown(file)} for {setting('PLATFORM') or 'this machine'}")
        needed = dependencies(file)
        constraints = os.path.join(RECIPE, "constraints.txt")
        same = ["-c", constraints] if not needed.complete and os.path.exists(constraints) else []
        needed.install("--python", sys.executable, "--target", target, "--no-installer-metadata", *same)
        clean(target)
        if not os.listdir(target) and names_any(needed):
            refuse(f"{shown(file)} declares dependencies, but none was installed", "check the environment markers after the names")
    step(f"copy {shown(source())}")
    named, tests = tests_named(), find_tests()
    own_tests = [os.path.join(source(), name) for name in ("tests", "test") if has_tests(os.path.join(source(), name))]
    left_out = [each for each in [named, *own_tests] if each and not (source() + os.sep).startswith(each + os.sep)]
    Files(target, [*left_out, *written_here()], lambda path, name: is_test(path) or is_built(path, name)).copy(source())
    pack(target)
    return tests


def names_any(needed):
    files = [arg for arg in needed.args if os.path.isfile(arg) and arg.endswith(".txt")]
    return any(re.match(r"\s*[A-Za-z0-9.]", line) and ";" not in line for file in files for line in read(file).split("\n"))


def is_built(path, name):
    # setuptools writes a directory into the source of a local dependency.
    return name == "build" and bool(glob.glob(os.path.join(glob.escape(path), "bdist.*")))


def clean(target):
    # Removes the differences between machines: locks, interpreters of scripts, links to the source.
    for name in glob.glob(os.path.join(target, ".lock")):
        os.remove(name)
    for file in glob.glob(os.path.join(glob.escape(target), "*.pth")):
        for line in read(file).split("\n"):
            if os.path.isabs(line.strip()) or "__editable__" in line:
                refuse(f"{os.path.basename(file)} refers to {line.strip()}, which is outside the package",
                       "declare the requirement without -e or editable")
    changed = {}
    for script in glob.glob(os.path.join(glob.escape(target), "bin", "*")):
        with open(script, "rb") as file:
            first, _, rest = file.read().partition(b"\n")
        if first.startswith(b"#!") and b"python" in first:
            content = b"#!/usr/bin/env python3\n" + rest
            with open(script, "wb") as file:
                file.write(content)
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            changed[os.path.basename(script)] = f"sha256={digest},{len(content)}"
    for record in glob.glob(os.path.join(glob.escape(target), "*.dist-info", "RECORD")):
        text = re.sub(r"^(.*bin/([^,/]+)),sha256=[^,]*,\d*$", lambda found: f"{found[1]},{changed.get(found[2]) or found[0].split(',', 1)[1]}",
                      read(record), flags=re.M)
        with open(record, "w", encoding="utf-8") as file:
            file.write("\n".join(sorted(text.split("\n"))).lstrip("\n") + "\n")


if __name__ == "__main__":
    main({"install": install, "test": test, "package": package})
