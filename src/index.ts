export { openThreads, type WorkerThreads } from './threads/openThreads.ts';
export * from './core.ts';
export { type EncodeOptions, encodeImage, encodeStored, type ImageFormat } from './files/encode/encodeImage.ts';
export type { Background } from './files/flatten.ts';
export { PictureError, type PictureErrorCode } from './disk/fileError.ts';
export { type AlphaPolicy, type ReadOptions, readImage } from './files/readImage.ts';
export { readKernel, readKernelFile } from './files/readKernel.ts';
export { readKernelOrModel, readModel, readModelFile } from './files/readModel.ts';
export { readSamples, type SampleOptions } from './files/decode/readSamples.ts';
export { fromSharp, toSharp } from './files/sharp.ts';
export { type WriteOptions, type WrittenImage, writeImage } from './files/writeImage.ts';
export { writeKernel } from './files/writeKernel.ts';
export { writeModel, type WriteModelOptions } from './files/writeModel.ts';
export { compareImages, type ImageComparison } from './verify/compareImages.ts';
export type { ImageSource } from './verify/openImage.ts';
export type { CompareOptions, Metric, Region } from './verify/options.ts';
export {
  type ItemVerdict,
  type VerifiedItem,
  verifyFolder,
  type VerifyOptions,
  type VerifyReport,
} from './verify/verifyFolder.ts';
export type { EvidencePaths } from './verify/evidence.ts';
