import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileStorage, StorageError, serveContent } from "@benefit-grid/meter";
import { expect } from "chai";
import { rejectionOf } from "../../../sdk/clients.ts";
import { bytesOf, callOf, encrypted, equal, FIRST, registered } from "./support.ts";

describe("fileStorage", () => {
  it("when a name leads out of the folder, refuses it", async () => {
    const { folder, storage } = storageWithFiles();
    const names = [
      "../secret",
      "a/../../secret",
      "/etc/passwd",
      "",
      ".",
      "..",
      "a//b",
      "a/",
      "a\\b",
      "C:a",
      "a\0",
    ];
    for (const name of [...names, join(folder, "..", "secret")]) await expectRefusal(storage, name);
  });

  it("when a symbolic link leads out of the folder, refuses it", async () => {
    const { folder, storage } = storageWithFiles();
    symlinkSync(join(folder, "..", "secret"), join(folder, "link"));
    symlinkSync(join(folder, ".."), join(folder, "up"));
    symlinkSync(join(folder, "sub", "file"), join(folder, "inside"));
    await expectRefusal(storage, "link", "leads out of");
    await expectRefusal(storage, "up/secret", "leads out of");
    expect(await storage.size("inside")).to.equal(200);
  });

  it("when a folder beside has the same beginning, refuses a link to it", async () => {
    const { folder, storage } = storageWithFiles();
    mkdirSync(`${folder}-other`);
    writeFileSync(join(`${folder}-other`, "file"), "secret");
    symlinkSync(join(`${folder}-other`, "file"), join(folder, "link"));
    await expectRefusal(storage, "link", "leads out of");
  });

  it("when there is no such file, or it is a folder, refuses it", async () => {
    const { storage } = storageWithFiles();
    await expectRefusal(storage, "none", "cannot be opened");
    await expectRefusal(storage, "sub", "is not a file");
  });

  it("when a range is read, returns its bytes", async () => {
    const { storage } = storageWithFiles();
    expect(await storage.size("sub/file")).to.equal(200);
    for (const [start, end] of [
      [0, 200],
      [0, 1],
      [199, 200],
      [50, 150],
    ] as const) {
      const body = await storage.read("sub/file", { start, end });
      equal(new Uint8Array(await new Response(body).arrayBuffer()), bytesOf(200).slice(start, end));
    }
  });

  it("when content is served from it, delivers the plain bytes", async () => {
    const { folder, storage } = storageWithFiles();
    const plain = bytesOf(FIRST + 10);
    const { content } = await registered(plain);
    writeFileSync(join(folder, "sealed"), await encrypted(plain));
    const serve = await serveContent({ ...content, storage, name: "sealed" });
    const { state, call } = callOf();
    const response = await serve(new Request("https://meter.example/"), call);
    equal(new Uint8Array(await response.arrayBuffer()), plain);
    expect(state.used).to.equal(BigInt(plain.length));
  });
});

function storageWithFiles() {
  const parent = mkdtempSync(join(tmpdir(), "content-"));
  const folder = join(parent, "files");
  mkdirSync(join(folder, "sub"), { recursive: true });
  writeFileSync(join(parent, "secret"), "secret");
  writeFileSync(join(folder, "sub", "file"), bytesOf(200));
  return { folder, storage: fileStorage(folder) };
}

async function expectRefusal(storage: ReturnType<typeof fileStorage>, name: string, problem = "") {
  for (const action of [() => storage.size(name), () => storage.read(name, { start: 0, end: 1 })]) {
    const error = await rejectionOf(action);
    expect(error, `${name}: ${error.stack}`).to.be.instanceOf(StorageError);
    expect(error).to.include({ file: name });
    expect(error.message).to.contain(problem);
  }
}
