import { METADATA, ProgrammeKind } from "../../commons/support.ts";
import { impersonate, networkHelpers, offerFixture } from "../../grid.ts";
import { withClients } from "../clients.ts";

/** As `offerFixture`, with programme 1, of research, and programme 2, a service; the creator is steward of both. */
async function programmesFixture() {
  const grid = await networkHelpers.loadFixture(offerFixture);
  const governance = grid.commons.connect(await impersonate(grid.timelock));
  for (const kind of [ProgrammeKind.Research, ProgrammeKind.Service])
    await governance.startProgramme(kind, grid.creator, METADATA.hash, METADATA.uri);
  return { ...grid, governance };
}

export const programmes = () => withClients(programmesFixture);
