/** A package manager that CodeArtifact logs in. */
export type CodeArtifactTool = 'pip' | 'npm' | 'maven' | 'dotnet';
