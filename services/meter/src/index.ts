export {
  type EncryptContentParameters,
  type EncryptContentReturnType,
  encryptContent,
} from "./content/encryptContent.ts";
export { fileStorage } from "./content/fileStorage.ts";
export type { StoredContent } from "./content/openContent.ts";
export { type S3StorageParameters, s3Storage } from "./content/s3Storage.ts";
export { type ServeContentParameters, serveContent } from "./content/serveContent.ts";
export type { ContentStorage, StoredRange } from "./content/storage.ts";
export { type RegisteredContent, type VerifyStoredReturnType, verifyStored } from "./content/verifyStored.ts";
export { CallEndedError, StorageError, StoredContentError } from "./errors.ts";
export type { Call, Serve } from "./serve.ts";
