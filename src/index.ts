export { openThreads, type WorkerThreads } from './threads/openThreads.ts';
export * from './core.ts';
export { type EncodeOptions, encodeImage, type ImageFormat } from './files/encode/encodeImage.ts';
export type { Background } from './planes/flatten.ts';
export { FileError, type FileErrorCode } from './disk/fileError.ts';
export { type AlphaPolicy, type ReadOptions, readImage } from './files/readImage.ts';
export { type BoundaryOptions, readBoundaries } from './files/readBoundaries.ts';
export { readEdgeMap } from './files/readEdgeMap.ts';
export { readKernel, readKernelFile } from './files/readKernel.ts';
export {
  type DetectorFile,
  readDetector,
  readKernelOrModel,
  readModel,
  readModelFile,
  readNet,
} from './files/readModel.ts';
export type { SampleOptions } from './files/decode/readSamples.ts';
export { fromSharp, toSharp } from './files/sharp.ts';
export { type WriteOptions, type WrittenImage, writeImage } from './files/writeImage.ts';
export { writeDetector, type WriteDetectorOptions } from './files/writeDetector.ts';
export { writeKernel } from './files/writeKernel.ts';
export { writeModel, type WriteModelOptions } from './files/writeModel.ts';
export { writeNet, type WriteNetOptions } from './files/writeNet.ts';
export { detectOnnxEdges, type DetectOnnxOptions } from './onnx/detectOnnxEdges.ts';
export { type NetInput, netInput } from './onnx/netInput.ts';
export { type Activation, openOnnxNet, type OnnxNet, type OnnxOptions } from './onnx/openOnnxNet.ts';
export type { Feed } from './onnx/signature.ts';
export type { Schedule } from './contours/training/descent.ts';
export type { Example } from './contours/training/example.ts';
export type { LossAt } from './train/checkpoint.ts';
export { type ExamplePaths, readExample } from './train/readExample.ts';
export { Diverged } from './train/divergence.ts';
export { type Trained, trainNet, type TrainOptions, type TrainState } from './train/trainNet.ts';
export * from './verify.ts';
export { compareImagesAsync, type CompareAsyncOptions } from './background/compareImagesAsync.ts';
export { detectEdgesAsync, type DetectAsyncOptions, type EncodedEdges } from './background/detectEdgesAsync.ts';
export { encodeImageAsync, type EncodeAsyncOptions } from './background/encodeImageAsync.ts';
export { evaluateEdgesAsync, type EvaluateAsyncOptions } from './background/evaluateEdgesAsync.ts';
export { filterAsync, type FilterAsyncOptions } from './background/filterAsync.ts';
export { type BackgroundLimits, type BackgroundOptions, limitBackground } from './background/pool.ts';
export { readImageAsync, type ReadAsyncOptions } from './background/readImageAsync.ts';
export type { ReadingOptions } from './background/reading.ts';
export type { StoredEncoding } from './background/task.ts';
