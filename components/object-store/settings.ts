import { roleSlice } from "../settings/slice";
import { minioKind } from "./minio/kind";
import { s3Kind } from "./s3/kind";

/** The systems that may be the object store; the first is the default. */
export const objectStoreKinds = [minioKind, s3Kind] as const;

export const objectStoreSlice = roleSlice(objectStoreKinds, { description: "Where the stores keep their data." });
