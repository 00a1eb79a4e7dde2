# Shared by all recipes: settings, steps, commands, and errors with a remedy.
import os
import re
import subprocess
import sys

ROOT = os.getcwd()
RECIPE = os.path.dirname(os.path.abspath(__file__))
# Tools that the recipe downloads. They are not part of the repository.
TOOLS = os.environ.get("RECIPE_TOOLS") or os.path.expanduser("~/.cache/recipe-tools")
CODE_ARTIFACT = bool(os.environ.get("CODEARTIFACT_REPOSITORY"))
# Lines of a log that explain the failure of a command.
REASON = re.compile(
    r"^E  |^\s*\S+\.(go|rs|tsx?|kt):\d+:|● |missing|\berr(or)?\b|ERR!|ERR_|\bE\d{3,4}\b|\bfail(ed|ure)?\b|cannot|can't|could not|not found|no such|denied"
    r"|conflict|unresolved|no solution|because |outdated|out of date|mismatch|exception|panicked|forbidden|undefined",
    re.I,
)
# Tests that need an account fail in a build, whose role has no permission for them.
CALLS_AWS = (
    r"NoCredentialsError|Unable to locate credentials|EndpointConnectionError|CredentialsProviderError"
    r"|Unable to load credentials|no EC2 IMDS role found"
    r"|(?:UnknownHostException|lookup|getaddrinfo).*amazonaws\.com|Could not load credentials|UnrecognizedClientException|InvalidClientTokenId|AccessDenied|not authorized to perform",
    "the tests call AWS: set buildProject.testDirectory to the unit tests, and run the others with the prop verification; "
    "buildProject.preBuildCommands: [] skips the tests",
)


def setting(name):
    return os.environ.get("RECIPE_" + name, "").strip() or None


def source(required=True):
    folder = os.path.normpath(os.path.join(ROOT, setting("SOURCE") or "."))
    if required and not os.path.isdir(folder):
        refuse(f"{shown(folder)} is not a directory of the repository", "correct buildProject.sourceDirectory")
    return folder


def shown(path):
    return os.path.relpath(path, ROOT)


def step(name):
    print(f"==> {name}", flush=True)


def note(text):
    print(f"note: {text}", flush=True)


def refuse(problem, remedy):
    sys.exit(f"error: {problem}; {remedy}")


def run(*command, cwd=None, env=None, allowed=(0,), quiet=False, silent=False, remedies=()):
    # Shows the command and its output. A failure ends the recipe with the lines that explain it, and with a remedy.
    folder = cwd or ROOT
    if not silent:
        print(f"$ {' '.join(command)}" + (f"  (in {shown(folder)})" if folder != ROOT else ""), flush=True)
    variables = {**os.environ, **(env or {})}
    lines = []
    try:
        process = subprocess.Popen(
            command, cwd=folder, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
        )
    except OSError as error:
        refuse(f"{command[0]} does not start: {error.strerror}", "use a build image that has it")
    for line in process.stdout:
        lines.append(line.rstrip())
        if not quiet:
            print(lines[-1], flush=True)
    if process.wait() in allowed:
        return process.returncode, lines
    if quiet:
        print("\n".join(lines[-20:]), flush=True)
    reasons = [line.strip() for line in lines if REASON.search(line) and len(line) > 12 and "npm warn" not in line] or [line for line in lines if line.strip()][-5:]
    because = "".join(f"\n  {line[:300]}" for line in dict.fromkeys(reasons[:8]))
    sys.exit(f"error: {os.path.basename(command[0])} ended with exit status {process.returncode}:{because}{remedy_for(lines, remedies)}")


def remedy_for(lines, remedies):
    # The first remedy whose pattern is in the output.
    for pattern, text in remedies:
        found = next((match for match in (re.search(pattern, line) for line in lines) if match), None)
        if found:
            return "\n" + text.format(*found.groups())
    return ""


def upward(folder):
    # The directory and its parents, up to the root of the repository.
    while True:
        yield folder
        if folder == ROOT or not folder.startswith(ROOT):
            return
        folder = os.path.dirname(folder)


def tests_named():
    # The directory of the unit tests, if the user set it.
    name = setting("TESTS")
    folder = name and os.path.normpath(os.path.join(ROOT, name))
    if folder and not os.path.isdir(folder):
        refuse(f"{name} is not a directory of the repository", "correct buildProject.testDirectory")
    return folder


def manifest_named():
    # The dependency file, if the user set it.
    name = setting("DEPENDENCIES")
    file = name and os.path.normpath(os.path.join(ROOT, name))
    if file and not os.path.isfile(file):
        refuse(f"{name} is not a file of the repository", "correct buildProject.dependencyFile")
    return file


def read(file):
    with open(file, encoding="utf-8-sig", errors="replace") as text:
        return text.read()


def remember(name, value):
    # Keeps a value for the later phases of the build.
    with open(os.path.join(RECIPE, name), "w", encoding="utf-8") as file:
        file.write(value)


def remembered(name):
    file = os.path.join(RECIPE, name)
    return read(file) if os.path.exists(file) else None


def own(folder, name):
    # The path of a file that the recipe writes into the repository, and that the package must not contain.
    place = os.path.join(ROOT, folder)
    if not os.path.exists(place):
        os.makedirs(place)
        remember("written", (remembered("written") or "") + folder + "\n")
    elif folder not in (remembered("written") or "").split("\n"):
        remember("written", (remembered("written") or "") + f"{folder}/{name}\n")
    return os.path.join(place, name)


def main(phases):
    phases[sys.argv[1]]()
