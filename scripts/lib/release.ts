/** What is known of a release before anything runs. */
export type Release = {
  /** The manifests of the published packages, by their folders. */
  readonly manifests: Readonly<Record<string, Manifest>>;
  readonly changelog: string;
  /** `git status --porcelain`: one line for each changed file. */
  readonly changedFiles: string;
};

type Manifest = {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
};

/** What stands in the way of a release, one sentence each. */
export function releaseProblems({ manifests, changelog, changedFiles }: Release): string[] {
  const versions = new Map(Object.values(manifests).map(({ name, version }) => [name, version]));
  const [version = ""] = versions.values();
  return [
    ...Object.entries(manifests).flatMap(([folder, manifest]) => [
      ...(manifest.version === version
        ? []
        : [`${folder} has version ${manifest.version}, others ${version}.`]),
      ...wrongNeeds(folder, manifest, versions),
    ]),
    ...(describes(changelog, version) ? [] : [`CHANGELOG.md says nothing under "## ${version}".`]),
    ...(changedFiles === ""
      ? []
      : [`Uncommitted changes: ${changedFiles.split("\n").length} files. Commit them first.`]),
  ];
}

/** The packages of one release work together, so they name each other exactly. */
function wrongNeeds(folder: string, manifest: Manifest, versions: ReadonlyMap<string, string>): string[] {
  return Object.entries({ ...manifest.dependencies, ...manifest.peerDependencies })
    .filter(([name, wanted]) => versions.has(name) && versions.get(name) !== wanted)
    .map(([name, wanted]) => `${folder} wants ${name} ${wanted}, but its version is ${versions.get(name)}.`);
}

function describes(changelog: string, version: string): boolean {
  const [, rest = ""] = changelog.split(new RegExp(`^## ${version.replaceAll(".", "\\.")}\\b.*$`, "m"));
  return /^- /m.test(rest.split(/^## /m)[0] ?? "");
}
