import { AwsClient } from "aws4fetch";
import { StorageError } from "../errors.ts";
import { type ContentStorage, checkName } from "./storage.ts";

export type S3StorageParameters = {
  /** URL of the service, such as `https://s3.eu-central-1.amazonaws.com`. The bucket's name is put into the path. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
};

/** Repeats of a request that fails by 5xx or 429, with growing waits. */
const RETRIES = 3;

/**
 * The objects of a bucket of an S3-compatible store. Reads by ranges; needs the right `s3:GetObject` alone.
 *
 * @example
 * ```ts
 * const storage = s3Storage({ endpoint, bucket: "datasets", region: "eu-central-1", accessKeyId, secretAccessKey });
 * ```
 */
export function s3Storage({ endpoint, bucket, ...keys }: S3StorageParameters): ContentStorage {
  const client = new AwsClient({ ...keys, service: "s3", retries: RETRIES });

  async function request(name: string, init: RequestInit, status: number): Promise<Response> {
    const path = [bucket, ...checkName(name).split("/")].map(encodeURIComponent).join("/");
    const url = `${endpoint.replace(/\/$/, "")}/${path}`;
    const response = await client.fetch(url, init).catch((error) => {
      throw new StorageError(name, `cannot be read: ${endpoint} does not answer`, error);
    });
    if (response.status === status) return response;
    await response.body?.cancel();
    throw new StorageError(name, `cannot be read: bucket ${bucket} answers ${response.status}`);
  }

  return {
    async size(name) {
      const { headers } = await request(name, { method: "HEAD" }, 200);
      return Number(headers.get("content-length"));
    },
    async read(name, { start, end }) {
      const { body } = await request(name, { headers: { range: `bytes=${start}-${end - 1}` } }, 206);
      return body ?? new ReadableStream({ start: (controller) => controller.close() });
    },
  };
}
