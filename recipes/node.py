# Node.js: the package manager of the lock file installs the dependencies. The package contains those for production.
import glob
import json
import os
import re
import shutil

from code_artifact import check_node
from files import NEVER, Files, pack, require_submodules, written_here
from steps import (
    CALLS_AWS,
    RECIPE,
    ROOT,
    TOOLS,
    main,
    manifest_named,
    note,
    own,
    read,
    refuse,
    remember,
    remembered,
    run,
    setting,
    shown,
    source,
    step,
    tests_named,
    upward,
)

LOCKS = {
    "pnpm-lock.yaml": "pnpm",
    "yarn.lock": "yarn",
    "package-lock.json": "npm",
    "npm-shrinkwrap.json": "npm",
    "bun.lock": "bun",
    "bun.lockb": "bun",
}
# Versions by the version of the lock file, for a repository without `packageManager`.
PNPM = {"5.3": "6.35.1", "5.4": "7.33.7", "6.0": "8.15.9", "6.1": "8.15.9"}
YARN = {"4": "2.4.3", "5": "3.1.1", "6": "3.8.7", "8": "4.9.4"}
NEWEST = {"pnpm": "10.34.8", "yarn": "4.18.1", "bun": "1"}
MANIFEST_KEYS = {"name", "dependencies", "devDependencies", "optionalDependencies", "scripts", "workspaces"}
NO_TEST = "no test specified"
# Directories that tools write beside packages.
BESIDE = re.compile(r"^(node_modules|\.(bin|cache|pnpm|store|vite|vitest|ignored.*|yarn.*|package-lock.*|modules.*))$")
TESTS = re.compile(r"(^__(tests|mocks|snapshots)__$)|(\.(test|spec)\.[cm]?[jt]sx?(\.map)?$)")
LOCK_FILES = re.compile(r"^(\.pnp\..*|" + "|".join(map(re.escape, LOCKS)) + ")$")


def package_json(folder):
    file = os.path.join(folder, "package.json")
    try:
        return json.loads(read(file))
    except ValueError as error:
        return refuse(f"{shown(file)} is not valid JSON: {error}", "correct the file")


def project():
    # The directory of the package.json that declares the dependencies.
    if remembered("project") is not None:
        return remembered("project") or None
    named = manifest_named()
    folders = [os.path.dirname(named)] if named else upward(source(required=False))
    for folder in folders:
        if os.path.isfile(os.path.join(folder, "package.json")) and MANIFEST_KEYS & set(package_json(folder)):
            return folder
    return None


def patterns(folder):
    # The patterns of the members of a workspace.
    listed = []
    if os.path.isfile(os.path.join(folder, "package.json")):
        workspaces = package_json(folder).get("workspaces") or []
        listed += workspaces.get("packages", []) if isinstance(workspaces, dict) else workspaces
    file = os.path.join(folder, "pnpm-workspace.yaml")
    if os.path.isfile(file):
        block = re.search(r"^packages:\s*\n((?:[ \t]*(?:-.*|#.*)?\n?)*)", read(file), re.MULTILINE)
        listed += re.findall(r"^\s*-\s*['\"]?([^'\"#\n]+?)['\"]?\s*(?:#.*)?$", block[1] if block else "", re.MULTILINE)
    return listed


def is_member(folder, root):
    path = os.path.relpath(folder, root)
    for pattern in patterns(root):
        text = re.escape(os.path.normpath(pattern)).replace(r"\*\*", ".*").replace(r"\*", "[^/]*")
        if re.fullmatch(text, path):
            return True
    return False


def install_root(folder):
    # The directory of the installation: the project, or the root of its workspace.
    if any(os.path.exists(os.path.join(folder, name)) for name in LOCKS):
        return folder
    return next((up for up in upward(folder) if up != folder and is_member(folder, up)), folder)


INSTALL_REMEDIES = [
    (r"in sync|npm ci.* can only install|OUTDATED_LOCKFILE|--frozen-lockfile|YN0028|lockfile (had|has) changes",
     "install in the repository, and commit the lock file"),
    (r"engine .* incompatible|EBADENGINE|Unsupported engine", "use the runtime that the package needs, or another version of the package"),
    (r"ERESOLVE", "correct the versions in package.json, or set NPM_CONFIG_LEGACY_PEER_DEPS to true in buildProject.environmentVariables"),
    (r"404.* (https?://\S+)", "the registry does not have {0}: install in the repository, and commit the lock file"),
]
TEST_REMEDIES = [
    CALLS_AWS,
    (r"Cannot find (?:module|package) '([^'./][^']*)'", "add {0} to devDependencies"),
]


class Manager:
    def __init__(self, root):
        self.root = root
        self.lock = next((name for name in LOCKS if os.path.exists(os.path.join(root, name))), None)
        pinned = re.match(r"(npm|pnpm|yarn|bun)@([\w.-]+)", str(package_json(root).get("packageManager", "")))
        self.name = LOCKS[self.lock] if self.lock else pinned[1] if pinned else "npm"
        self.version = pinned[2] if pinned and pinned[1] == self.name else self.by_lock()
        self.env = {"CI": "true", "COREPACK_ENABLE_STRICT": "0"}
        # Scripts of a member use the tools of the root of the workspace.
        paths = [os.path.join(root, "node_modules", ".bin"), os.environ["PATH"]]
        if self.name != "npm":
            paths.insert(0, os.path.join(self.tool(), "node_modules", ".bin"))
        self.env["PATH"] = os.pathsep.join(paths)
        if self.is_new_yarn():
            self.env.update(
                YARN_NODE_LINKER="node-modules",
                YARN_ENABLE_TELEMETRY="0",
                YARN_ENABLE_GLOBAL_CACHE="true",
                YARN_GLOBAL_FOLDER=os.path.expanduser("~/.cache/yarn-berry"),
            )

    def by_lock(self):
        if self.name == "pnpm" and self.lock:
            version = re.search(r"^lockfileVersion: *'?([\d.]+)", read(os.path.join(self.root, self.lock)), re.MULTILINE)
            return PNPM.get(version[1] if version else "", NEWEST["pnpm"])
        if self.name == "yarn" and self.lock:
            version = re.search(r"^__metadata:\s*\n\s*version: (\d+)", read(os.path.join(self.root, self.lock)), re.MULTILINE)
            return YARN.get(version[1], NEWEST["yarn"]) if version else "1.22.22"
        return NEWEST.get(self.name)

    def is_new_yarn(self):
        return self.name == "yarn" and not self.version.startswith("1.")

    def tool(self):
        # npm downloads pnpm, Yarn, and Bun, so these come from CodeArtifact if the pipeline has one.
        package = "@yarnpkg/cli-dist" if self.is_new_yarn() else self.name
        return npm_tool(package, self.version)

    def install(self):
        locked = {
            "npm": ["npm", "ci", "--prefer-offline", "--no-audit", "--no-fund"],
            "pnpm": [
                *["pnpm", "install", "--frozen-lockfile", "--prefer-offline"],
                *["--store-dir", os.path.expanduser("~/.local/share/pnpm/store")],
            ],
            "yarn": ["yarn", "install", *(["--immutable"] if self.is_new_yarn() else ["--frozen-lockfile", "--prefer-offline"])],
            "bun": ["bun", "install", "--frozen-lockfile"],
        }
        command = locked[self.name] if self.lock else [self.name, "install"]
        if not self.lock:
            note(f"no lock file in {shown(self.root)}: versions can change between builds")
        _, lines = run(*command, cwd=self.root, env={**self.env, "NODE_ENV": "development"}, remedies=INSTALL_REMEDIES)
        if any("Ignored build scripts" in line for line in lines):
            note("pnpm ignored the build scripts of the packages above: add the packages that need one to onlyBuiltDependencies")

    def script(self, name, folder, *args, env=None):
        separator = ["--"] if args and self.name == "npm" else []
        return run(self.name, "run", name, *separator, *args, cwd=folder, env={**self.env, **(env or {})}, remedies=TEST_REMEDIES)


def npm_tool(package, version):
    folder = os.path.join(TOOLS, f"{package.replace('/', '-')}-{version}")
    if not os.path.exists(folder):
        fresh = os.path.join(RECIPE, "tool-" + os.path.basename(folder))
        os.makedirs(fresh, exist_ok=True)
        run("npm", "install", "--no-save", "--no-audit", "--no-fund", "--silent", "--prefix", fresh, f"{package}@{version}")
        os.makedirs(TOOLS, exist_ok=True)
        try:
            os.rename(fresh, folder)
        except OSError:
            return fresh
    return folder


def install():
    folder = project()
    remember("project", folder or "")
    if not folder:
        return note("no dependencies: no package.json in the source directory or above it")
    manager = Manager(install_root(folder))
    check_node(manager.root, folder)
    step(f"install the dependencies of {shown(os.path.join(folder, 'package.json'))} with {manager.name}")
    manager.install()
    return remember("environment", f'export PATH="{manager.env["PATH"]}"\n')


def test():
    step("run the unit tests")
    tests_named()
    folder = project()
    script = folder and package_json(folder).get("scripts", {}).get("test")
    if not script or NO_TEST in script:
        return note("no unit tests: no test script in package.json")
    report = own("reports", "unit-tests.xml")
    manager = Manager(install_root(folder))
    options = os.environ.get("NODE_OPTIONS", "")
    reporter = f"--test-reporter=spec --test-reporter-destination=stdout --test-reporter=junit --test-reporter-destination={report}"
    args, env = report_options(folder, script, report)
    env["NODE_OPTIONS"] = f"{options} {reporter}".strip() if re.search(r"\bnode\b.*--test\b|\btsx\b.*--test\b", script) else options
    if setting("COVERAGE"):
        place = os.path.dirname(own("coverage-report", "cobertura-coverage.xml"))
        measure = ["npx", "--yes", "--prefer-offline", "c8@10", "--reporter=cobertura", f"--reports-dir={place}"]
        run(*measure, manager.name, "run", "test", cwd=folder, env={**manager.env, **env}, remedies=TEST_REMEDIES)
    else:
        manager.script("test", folder, *args, env=env)
    for file in glob.glob(os.path.join(glob.escape(folder), "reports", "**", "*.xml"), recursive=True) if folder != ROOT else []:
        shutil.copy(file, os.path.dirname(report))
    if not glob.glob(os.path.join(glob.escape(os.path.dirname(report)), "**", "*.xml"), recursive=True):
        note("the tests passed without a report: configure the test runner to write JUnit XML to reports/")
    return None


def report_options(folder, script, report):
    # Jest and Vitest get the options for a report, unless the repository configures one.
    plain = re.fullmatch(r"(?:npx )?(?:\w+=\S+ )*(?:node \S+ )?(?:\S*/)?(jest|vitest)\b[^&|;]*", script.strip())
    files = [file for up in {folder, ROOT} for file in glob.glob(os.path.join(glob.escape(up), "*"))]
    configured = [file for file in files if re.match(r"(package\.json|(jest|vite|vitest)\..*)$", os.path.basename(file))]
    if not plain or setting("COVERAGE") or "--reporter" in script or any("junit" in read(file) for file in configured):
        return [], {}
    if plain[1] == "vitest":
        return ["--reporter=default", "--reporter=junit", f"--outputFile.junit={report}"], {}
    place = os.path.join(npm_tool("jest-junit", "17"), "node_modules", "jest-junit")
    return [f"--reporters={name}" for name in ("default", place)], {"JEST_JUNIT_OUTPUT_FILE": report}


def is_local(folder):
    # True for a package of the repository, false for an installed one.
    return folder.startswith(os.path.realpath(ROOT)) and "/node_modules/" not in folder + "/"


def find(folder, name):
    # The directory of a package, by the lookup of Node.js.
    real = os.path.realpath(folder)
    while True:
        place = os.path.join(real, "node_modules", name)
        if os.path.isfile(os.path.join(place, "package.json")):
            return os.path.realpath(place)
        if real in (os.path.realpath(ROOT), os.path.dirname(real)):
            return None
        real = os.path.dirname(real)


def build_scripts(manager, folder, seen=()):
    # Runs the script `build`, first in the packages of the repository that this package uses.
    data = package_json(folder)
    for name in {**data.get("dependencies", {}), **data.get("devDependencies", {})}:
        used = find(folder, name)
        if used and is_local(used) and used not in seen:
            seen = build_scripts(manager, used, (*seen, os.path.realpath(folder)))
    if "build" in data.get("scripts", {}) and os.path.realpath(folder) not in seen:
        step(f"run the script build of {shown(os.path.join(folder, 'package.json'))}")
        manager.script("build", folder)
    return (*seen, os.path.realpath(folder))


def closure(folder):
    # The production dependencies by their place in the package: `("a", "b")` for node_modules/a/node_modules/b. A dependency
    # is at the top, or below the package that needs another version.
    placed, waiting = {(): os.path.realpath(folder)}, [()]
    for position in waiting:
        real = placed[position]
        data = package_json(real)
        optional = set(data.get("optionalDependencies", {}))
        peers = set(data.get("peerDependencies", {})) if position else set()
        peers -= {name for name, meta in data.get("peerDependenciesMeta", {}).items() if meta.get("optional")}
        for name in sorted({*data.get("dependencies", {}), *optional, *peers}):
            needed = find(real, name)
            if not needed:
                if name not in optional | peers:
                    refuse(f"{shown(real)}/package.json declares {name}, which was not installed", "add it to the lock file and commit the file")
                continue
            seen = next((position[:up] + (name,) for up in range(len(position), -1, -1) if position[:up] + (name,) in placed), None)
            if seen is None or placed[seen] != needed:
                place = (name,) if seen is None else (*position, name)
                placed[place] = needed
                waiting.append(place)
    return placed


def copy_modules(folder, target):
    for position, real in closure(folder).items():
        if not position:
            continue
        place = os.path.join(*(part for name in position for part in ("node_modules", name)))
        if is_local(real):
            Files(target, is_left_out=is_test).copy(real, place)
        else:
            Files(target).copy(real, place, never=BESIDE)
        modules = real[: real.rindex("/node_modules/") + len("/node_modules")] if "/node_modules/" in real else None
        for name in sorted(os.listdir(modules)) if modules else []:
            # For example, Prisma generates a client here.
            into = os.path.join(os.path.dirname(place) if len(position) > 1 else "node_modules", name)
            if name.startswith(".") and not BESIDE.match(name) and not os.path.exists(os.path.join(target, into)):
                if os.path.isdir(os.path.join(modules, name)):
                    Files(target).copy(os.path.join(modules, name), into, never=BESIDE)


def is_test(path, name):
    return bool(TESTS.search(name))


def require_compiled(target):
    # Lambda looks for the handler in JavaScript files only.
    names = [name for _, _, files in os.walk(target) for name in files]
    typescript = [name for name in names if re.search(r"(?<!\.d)\.[cm]?tsx?$", name)]
    if typescript and not any(re.search(r"\.[cm]?js$", name) for name in names):
        refuse(
            f"{shown(source())} contains TypeScript ({typescript[0]}) and no JavaScript",
            "add a script build to package.json, for example \"tsc\", and set buildProject.sourceDirectory to its output",
        )


def package():
    folder, target = project(), os.path.join(RECIPE, "package")
    if folder:
        build_scripts(Manager(install_root(folder)), folder)
    require_submodules(source())
    step(f"copy {shown(source())}")
    tests = [tests_named(), *(os.path.join(source(), name) for name in ("test", "tests"))]
    left_out = [each for each in tests if each and os.path.isdir(each) and not (source() + os.sep).startswith(each + os.sep)]
    never = NEVER if folder else re.compile(NEVER.pattern.replace("|node_modules", ""))
    files = Files(target, [*left_out, *written_here()], lambda path, name: is_test(path, name) or bool(LOCK_FILES.match(name)))
    files.copy(source(), never=never)
    require_compiled(target)
    if folder:
        step("copy the production dependencies")
        copy_modules(folder, target)
        if not os.path.exists(os.path.join(target, "package.json")):
            shutil.copyfile(os.path.join(folder, "package.json"), os.path.join(target, "package.json"))
    pack(target)


if __name__ == "__main__":
    main({"install": install, "test": test, "package": package})
