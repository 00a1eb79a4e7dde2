# Go and Rust for the runtimes provided.*: one binary with the name bootstrap.
import glob
import json
import os
import shutil

from files import Files, pack, require_submodules
from steps import CALLS_AWS, RECIPE, ROOT, main, manifest_named, note, own, refuse, remember, run, setting, shown, source, step, upward

GOTESTSUM = "gotest.tools/gotestsum@v1.12.3"
COBERTURA = "github.com/boumenot/gocover-cobertura@v1.4.0"
RUSTUP = "curl --proto =https --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y --profile minimal"


GO_REMEDIES = [
    CALLS_AWS,
    (r"missing go.sum entry|updates to go.mod needed", "run `go mod tidy` and commit go.mod and go.sum"),
    (r"requires go >= ([\d.]+)", "install Go {0} in buildProject.installCommands, or lower the version in go.mod"),
]
RUST_REMEDIES = [
    CALLS_AWS,
    (r"requires rustc ([\d.]+)", "run `rustup default {0}` in buildProject.installCommands, or use older versions of the crates"),
    (r"lock file .* needs to be updated", "run `cargo update --workspace` and commit Cargo.lock"),
]


def project():
    named = manifest_named()
    for folder in [os.path.dirname(named)] if named else upward(source()):
        for name, language in (("go.mod", "go"), ("Cargo.toml", "rust")):
            if os.path.exists(os.path.join(folder, name)):
                return folder, language
    return refuse(
        f"no go.mod or Cargo.toml in {shown(source())} or above it",
        "for another language, set buildProject.buildCommands, which then replaces the whole recipe",
    )


def machine():
    return "arm64" if setting("ARCHITECTURE") == "arm64" else "amd64"


# For tests and package: a static binary does not depend on the C library of the runtime.
GO = {"CGO_ENABLED": "0"}


def install():
    folder, language = project()
    if language == "rust":
        if not shutil.which("cargo"):
            step("install Rust, because the build image does not have it: about a minute and 300 MB per build")
            run("sh", "-c", RUSTUP)
            remember("environment", 'export PATH="$HOME/.cargo/bin:$PATH"\n')
        step("the version of Rust")
        return run("cargo", "--version", env=cargo_path())
    step(f"the modules of {shown(os.path.join(folder, 'go.mod'))}")
    # `go mod download` fails for the other modules of a workspace.
    work = any(os.path.exists(os.path.join(up, "go.work")) for up in upward(folder))
    return run("go", "version", cwd=folder) if work else run("go", "mod", "download", cwd=folder, remedies=GO_REMEDIES)


def test():
    folder, language = project()
    step(f"run the unit tests of {shown(folder)}")
    if language == "rust":
        run("cargo", "test", *locked(folder), cwd=folder, env=cargo_path(), remedies=RUST_REMEDIES)
        return note("no report: cargo test does not write a format that CodeBuild reads")
    profile = os.path.join(RECIPE, "coverage.out")
    report = own("reports", "unit-tests.xml")
    measured = ["--", f"-coverprofile={profile}", "./..."] if setting("COVERAGE") else ["./..."]
    run("go", "run", GOTESTSUM, "--format", "standard-verbose", "--junitfile", report, *measured, cwd=folder, env=GO, remedies=GO_REMEDIES)
    if setting("COVERAGE"):
        command = f'go run {COBERTURA} < "{profile}" > "{own("coverage-report", "coverage.xml")}"'
        run("sh", "-c", command, cwd=folder, env=GO)
    return None


def package():
    folder, language = project()
    target = os.path.join(RECIPE, "package")
    os.makedirs(target)
    require_submodules(source())
    step(f"build {shown(folder)}")
    (package_go if language == "go" else package_rust)(folder, os.path.join(target, "bootstrap"))
    os.chmod(os.path.join(target, "bootstrap"), 0o755)
    pack(target)


def package_go(folder, binary):
    place = source() if (source() + os.sep).startswith(folder + os.sep) else folder
    _, lines = run("go", "list", "-f", "{{.Name}} {{.Dir}}", "./...", cwd=place, env=GO, quiet=True)
    found = [line.split(" ", 1)[1] for line in lines if line.startswith("main ")]
    chosen = place if place in found else found[0] if len(found) == 1 else None
    if not chosen:
        names = ", ".join(shown(each) for each in found[:10])
        refuse(
            f"{shown(place)} contains {'several main packages: ' + names if found else 'no package main'}",
            f"set buildProject.sourceDirectory to the directory of the function{', for example ' + repr(shown(found[0])) if found else ''}",
        )
    flags = ["-trimpath", "-buildvcs=false", "-ldflags", "-s -w -buildid=", "-tags", "lambda.norpc"]
    env = {**GO, "GOOS": "linux", "GOARCH": machine()}
    run("go", "build", *flags, "-o", binary, ".", cwd=chosen, env=env, remedies=GO_REMEDIES)


def cargo_path():
    return {"PATH": os.environ["PATH"] + os.pathsep + os.path.expanduser("~/.cargo/bin")}


def locked(folder):
    return ["--locked"] if any(os.path.exists(os.path.join(up, "Cargo.lock")) for up in upward(folder)) else []


def package_rust(folder, binary):
    _, lines = run("cargo", "metadata", "--no-deps", "--format-version", "1", cwd=folder, env=cargo_path(), quiet=True)
    metadata = json.loads(next(line for line in lines if line.startswith("{")))
    found = {
        target["name"]: package["name"]
        for package in metadata["packages"]
        for target in package["targets"]
        if "bin" in target["kind"] and (package["manifest_path"].startswith(folder + os.sep))
    }
    here = [name for name, package in found.items() if any(
        each["name"] == package and os.path.dirname(each["manifest_path"]) == folder for each in metadata["packages"])]
    named = setting("BINARY")
    candidates = [named] if named else ["bootstrap", *(here if len(here) == 1 else []), *(found if len(found) == 1 else [])]
    chosen = next((name for name in candidates if name in found), None)
    if not chosen:
        refuse(
            f"{shown(folder)} contains {'several binaries: ' + ', '.join(sorted(found)) if found else 'no binary'}",
            "set buildProject.sourceDirectory to the directory of the function's Cargo.toml, name its binary bootstrap, "
            "or set the environment variable RECIPE_BINARY in buildProject.environmentVariables",
        )
    target = rust_target()
    flags = f"{os.environ.get('RUSTFLAGS', '')} --remap-path-prefix={ROOT}=. -C strip=symbols".strip()
    options = ["--target", target] if target else []
    env = {**cargo_path(), "RUSTFLAGS": flags}
    run("cargo", "build", "--release", *locked(folder), "--bin", chosen, *options, cwd=folder, env=env, remedies=RUST_REMEDIES)
    shutil.copyfile(os.path.join(metadata["target_directory"], *([target] if target else []), "release", chosen), binary)


def rust_target():
    # Amazon Linux 2 has an older C library than the build image. A binary for musl is static.
    if setting("RUNTIME") != "provided.al2":
        return None
    target = f"{'aarch64' if machine() == 'arm64' else 'x86_64'}-unknown-linux-musl"
    run("rustup", "target", "add", target, env=cargo_path())
    return target


if __name__ == "__main__":
    main({"install": install, "test": test, "package": package})
