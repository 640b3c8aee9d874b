import type { Command } from "./context.ts";
import type { Options } from "./options.ts";

export function generalHelp(
  name: string,
  commands: Readonly<Record<string, Command>>,
  notes: string,
  chain: Options,
): string {
  const lines = Object.entries(commands).map(
    ([command, { usage, about }]) => `  ${`${command} ${usage}`.trim()}\n      ${about}`,
  );
  return [
    `Usage: ${name} <command>`,
    "",
    ...lines,
    "",
    notes,
    "",
    "Options of every command:",
    ...optionLines(chain),
  ].join("\n");
}

export function commandHelp(name: string, commandName: string, command: Command, chain: Options): string {
  const { usage, about, notes } = command;
  return [
    `Usage: ${name} ${`${commandName} ${usage}`.trim()}`,
    "",
    `  ${about}`,
    ...(notes ? ["", notes] : []),
    "",
    "Options:",
    ...optionLines(command.options),
    ...optionLines(chain),
  ].join("\n");
}

/** Options without a text here are in the command's notes. */
export function optionLines(options: Options): string[] {
  const shown = Object.entries(options).filter(([, { about }]) => about !== "");
  return shown.map(
    ([name, { value, about }]) => `  --${value ? `${name} ${value}` : name}`.padEnd(24) + about,
  );
}
