/** `call.use` came after the call's end. The units are not counted. */
export class CallEndedError extends Error {
  override readonly name = "CallEndedError";

  constructor() {
    super(
      "The call has ended, so its units are not counted. Count before the handler returns, or call `keepOpen` before.",
    );
  }
}

/** A storage cannot read a file. */
export class StorageError extends Error {
  override readonly name = "StorageError";
  /** The file's name in the storage. */
  readonly file: string;

  constructor(file: string, problem: string, cause?: unknown) {
    super(`"${file}" ${problem}. Check the name and the storage's settings.`, { cause });
    this.file = file;
  }
}

/** A stored file does not decrypt: another key, or bytes that were changed, moved or cut off. Nothing of it is sent. */
export class StoredContentError extends Error {
  override readonly name = "StoredContentError";
  /** The file's name in the storage. */
  readonly file: string;
  /** Number of the segment of 64 KiB, from 0. Undefined if the file's size or header is wrong. */
  readonly segment: number | undefined;

  constructor(file: string, problem: string, segment?: number) {
    super(`"${file}" ${problem}. Check the key, or encrypt the content again by \`encryptContent\`.`);
    this.file = file;
    this.segment = segment;
  }
}
