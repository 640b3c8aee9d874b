import {
  type Application,
  Comment,
  type CommentDisplayPart,
  CommentTag,
  Converter,
  type ProjectReflection,
  type Reflection,
  ReflectionKind,
} from "typedoc";

const DOMAINS: Readonly<Record<string, string>> = {
  client: "Client",
  deployment: "Client",
  core: "Client",
  errors: "Errors",
  capsules: "Capsules",
  licenses: "Licenses",
  metering: "Metering",
  settlement: "Settlement",
  coin: "Foundation Coin",
  commons: "Commons",
  subnets: "Subnets",
  governance: "Governance",
  shared: "Shared types",
};

/** A plugin of typedoc: groups the exports by the SDK's domains, and lists their errors under one heading. */
export function load({ converter }: Application): void {
  converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const reflection of project.getReflectionsByKind(ReflectionKind.All)) {
      if (reflection.comment) mergeThrows(reflection.comment);
      // The name of an object that a function takes apart at once.
      if (reflection.name === "__namedParameters") reflection.name = "parameters";
      if (reflection.parent?.kindOf(ReflectionKind.SomeModule)) categorize(project, reflection);
    }
  });
}

function categorize(project: ProjectReflection, reflection: Reflection): void {
  const file = project.getSymbolIdFromReflection(reflection)?.packagePath ?? "";
  const [, place = ""] = /^src\/(\w+)/.exec(file) ?? [];
  const category = DOMAINS[place];
  if (category === undefined) return;
  reflection.comment ??= new Comment();
  reflection.comment.blockTags.push(new CommentTag("@category", [{ kind: "text", text: category }]));
}

function mergeThrows(comment: Comment): void {
  const tags = comment.getTags("@throws");
  if (tags.length < 2) return;
  comment.removeTags("@throws");
  const list = tags.flatMap<CommentDisplayPart>(({ content }) => [
    { kind: "text", text: "\n- " },
    ...content,
  ]);
  comment.blockTags.unshift(new CommentTag("@throws", list));
}
