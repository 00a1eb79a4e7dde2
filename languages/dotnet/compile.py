"""Compiles C# with Roslyn: the generated code of the library, and each example with it. Runs nothing.

SCAFFOLDING: CONTRIBUTING.md says when to delete this file.

compile.py <folder of dotnetcore2> <folder with Roslyn> <folder of generated code> <namespace> <folder of the examples>
"""

import json
import os
import sys
import tempfile
from pathlib import Path

os.environ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1"  # Microsoft's ICU is not needed
import clr_loader
import pythonnet

RUNTIME, ROSLYN, GENERATED, NAMESPACE, EXAMPLES = sys.argv[1:]
FRAMEWORK = next(Path(RUNTIME, "bin", "shared", "Microsoft.NETCore.App").iterdir())

with tempfile.NamedTemporaryFile("w", suffix=".runtimeconfig.json") as configuration:
    framework = {"name": "Microsoft.NETCore.App", "version": FRAMEWORK.name}
    json.dump({"runtimeOptions": {"tfm": "netcoreapp3.1", "framework": framework}}, configuration)
    configuration.flush()
    coreclr = clr_loader.get_coreclr(
        runtime_config=configuration.name, dotnet_root=Path(RUNTIME, "bin")
    )
    pythonnet.set_runtime(coreclr)
    import clr

sys.path.append(ROSLYN)
for assembly in ["System.Reflection.Metadata", "System.Collections.Immutable", "Microsoft.CodeAnalysis", "Microsoft.CodeAnalysis.CSharp"]:
    clr.AddReference(assembly)
from Microsoft.CodeAnalysis import DiagnosticSeverity, MetadataReference, NullableContextOptions, OutputKind, SyntaxTree
from Microsoft.CodeAnalysis.CSharp import CSharpCompilation, CSharpCompilationOptions, CSharpSyntaxTree
from System.Collections.Generic import List
from System.IO import File


def parse(folders):
    trees = List[SyntaxTree]()
    for file in (file for folder in folders for file in sorted(Path(folder).rglob("*.cs"))):
        trees.Add(CSharpSyntaxTree.ParseText(File.ReadAllText(str(file)), None, str(file)))
    return trees


def compilation(trees, kind):
    references = List[MetadataReference]()
    for file in FRAMEWORK.glob("*.dll"):
        if file.name.startswith(("System.", "netstandard", "mscorlib")) and not file.name.endswith(".Native.dll"):
            references.Add(MetadataReference.CreateFromFile(str(file)))
    options = CSharpCompilationOptions(kind).WithNullableContextOptions(NullableContextOptions.Enable)
    return CSharpCompilation.Create("Compiled", trees, references, options)


def errors(compiled, trees):
    """The errors that the compiler finds in these files."""
    for tree in trees:
        for diagnostic in compiled.GetSemanticModel(tree).GetDiagnostics():
            if diagnostic.Severity == DiagnosticSeverity.Error:
                yield diagnostic.ToString()


own = Path(GENERATED, NAMESPACE)
packages = [folder for folder in Path(GENERATED).iterdir() if folder != own]
library = parse([own])
surroundings = parse([*packages, Path(__file__).parent])
library_and_cdk = List[SyntaxTree](library)
library_and_cdk.AddRange(surroundings)
compiled = compilation(library_and_cdk, OutputKind.DynamicallyLinkedLibrary)
found = list(errors(compiled, library))
count = library.Count
for example in sorted(folder for folder in Path(EXAMPLES).iterdir() if folder.is_dir()):
    trees = parse([example])
    count += trees.Count
    found += errors(compiled.AddSyntaxTrees(trees), trees)

print("\n".join(found))
print(f"{count} files compiled, {len(found)} errors")
sys.exit(1 if found or count < 3 else 0)
