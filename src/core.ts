export type { Algorithm, Precision } from './correlate/algorithm.ts';
export { type AllocateOptions, allocatePlanes, release } from './correlate/allocate.ts';
export {
  CONTOUR_SIZES,
  type ContourNet,
  type ContourShape,
  type ContourSize,
  createNet,
} from './contours/contourNet.ts';
export { formatNet, type NetFile, parseNet } from './contours/netFile.ts';
export type { WeightType } from './contours/netFields.ts';
export { shippedNet } from './contours/shipped/shippedNet.ts';
export { convolve2d } from './correlate/convolve2d.ts';
export { convolve1d, corr1d, type Corr1dOptions, type Signal, type Taps1d } from './correlate/corr1d.ts';
export { corr2d } from './correlate/corr2d.ts';
export { corr2dAsync, type Corr2dAsyncOptions } from './correlate/corr2dAsync.ts';
export type { Corr2dOptions } from './correlate/corr2dOptions.ts';
export { corr3d, type Corr3dOptions, type Taps3d, type Triple } from './correlate/corr3d.ts';
export type { FilteredAlpha, FilterOptions } from './correlate/filtering.ts';
export { filterPicture, type StoreFilteredOptions } from './correlate/filterPicture.ts';
export { type FilterBorder } from './correlate/leaveRim.ts';
export { gaussianSmooth, type GaussianSmoothOptions } from './correlate/gaussianSmooth.ts';
export type { GeometryOptions, Padding, PaddingName, Pair } from './correlate/geometry.ts';
export { luma } from './correlate/luma.ts';
export { type InputShape, type KernelShape, outputShape, type Shape } from './correlate/outputShape.ts';
export type { InPlaceOption } from './correlate/pass/pass.ts';
export type { StoreOptions } from './correlate/pass/storeResponse.ts';
export { mapResponse, RESPONSE_MAPS, type ResponseMap } from './correlate/response.ts';
export { type BandsJob, type LentMemory, runBands, type Threads } from './correlate/threads.ts';
export { detectEdges, type EdgePicture, type StoreEdgesOptions } from './edges/detectEdges.ts';
export {
  type ColorMix,
  type Detector,
  type DetectorBorder,
  type DetectorColor,
  type DetectorKernel,
  type DetectorLink,
  detectorKernel,
  type DetectorParts,
  type DetectorResponse,
  type DetectorRounding,
  type DetectorSmoothing,
  type KernelDetector,
  type NamedDetector,
  type ThinRule,
} from './edges/detector/detector.ts';
export { formatDetector, parseDetector } from './edges/detector/detectorFile.ts';
export { formatDetectorScript } from './edges/detector/opencvScript.ts';
export { type NamedOptions } from './edges/namedOptions.ts';
export { magnitude } from './edges/gradient/magnitude.ts';
export { MAGNITUDE_NORMS, type MagnitudeNorm } from './edges/gradient/magnitudeNorm.ts';
export { orientation } from './edges/gradient/orientation.ts';
export { strongestChannel } from './edges/gradient/strongestChannel.ts';
export { linkEdges } from './edges/lines/linkEdges.ts';
export { SUPPRESSION_RULES, type SuppressionRule, suppress } from './edges/lines/suppress.ts';
export { suppressRidges, type SuppressRidgesOptions } from './edges/lines/suppressRidges.ts';
export { zeroCrossings } from './edges/lines/zeroCrossings.ts';
export { type Convention, CONVENTIONS } from './edges/operators/convention.ts';
export { type OperatorFacts, operatorFacts, operatorNames } from './edges/operators/operators.ts';
export { type DetectOptions, type Edges } from './edges/options.ts';
export { EDGE_COLORS, type EdgeColor } from './edges/edgeColor.ts';
export { edgeSheet, type SheetOptions } from './edges/sheet/edgeSheet.ts';
export { otsu } from './edges/thresholds/otsu.ts';
export { quantile } from './edges/thresholds/quantile.ts';
export { binarise, type Threshold, thresholdOf } from './edges/thresholds/threshold.ts';
export { type EdgeCounts, evaluateEdges, type EvaluateOptions } from './evaluate/evaluateEdges.ts';
export { type EdgeScore, type EdgeScores, scoreEdges, type ThresholdScore } from './evaluate/scoreEdges.ts';
export { rotateKernel, scaleKernel, transposeKernel } from './kernels/algebra.ts';
export { composeKernels } from './kernels/compose.ts';
export { formatKernelFile, type KernelFile, parseKernelFile } from './kernels/file.ts';
export { formatKernel, type FormatOptions, KERNEL_NOTATIONS, type KernelNotation } from './kernels/format.ts';
export { type Kernel, type KernelOptions, kernel, repeatKernel, toNestedTaps } from './kernels/kernel.ts';
export { type KernelName, kernelNames, namedKernel } from './kernels/named.ts';
export { type ParsedKernel, parseKernel, parseNotation } from './kernels/parse.ts';
export { kernelRank } from './kernels/rank.ts';
export type { KnownFilter, Orientation } from './kernels/recognise/knownFilter.ts';
export { recogniseKernel } from './kernels/recognise/recogniseKernel.ts';
export { isSeparable, type SeparatedKernel, separateKernel } from './kernels/separate.ts';
export { gaussianTaps } from './kernels/smoothing.ts';
export * from './layers.ts';
export type { Optimizer } from './learn/descent/optimizers.ts';
export type { ChannelSharing } from './learn/kernelShape.ts';
export type { DetectorCertificate } from './learn/detector/certifyDetector.ts';
export type { DetectorMethod, DetectorReport } from './learn/detector/detectorReport.ts';
export { type LearnDetectorOptions, learnDetector, type LearnedDetector } from './learn/detector/learnDetector.ts';
export { learnKernel } from './learn/learnKernel.ts';
export { LEARN_METHODS, type LearnMethod, type LearnOptions, type LearnResult } from './learn/learnOptions.ts';
export type { PairResidual } from './learn/diagnosis/residualsOfPairs.ts';
export type { ExceptionPlace, Exceptions } from './learn/majority/exceptions.ts';
export { type Crops, fitModel, type FitOptions, type FitReport, type FitResult } from './learn/model/fitModel.ts';
export type { ClassWeights, LossName } from './learn/model/losses.ts';
export type { Residual } from './learn/moments/residual.ts';
export type { Reduction } from './learn/options.ts';
export type { BeforeAfter } from './learn/pairs.ts';
export type { Certificate, LearnReport, ProgramFacts } from './learn/report.ts';
export { type Border, type BorderName, formatBorder, parseBorder } from './planes/border.ts';
export { comparePlanes, type Comparison, describeDifference, type Difference } from './planes/compare.ts';
export { type CanvasPixels, fromImageData, toImageData } from './planes/imageData.ts';
export { ExpectationError } from './planes/expected.ts';
export { fold } from './planes/fold.ts';
export { formatNpy, type NpyArray, type NpyData, type NpyType, parseNpy } from './planes/npy.ts';
export { pad, type Sides } from './planes/pad.ts';
export {
  type InterleavedPicture,
  type Picture,
  type PictureFacts,
  pictureFrom,
  type PictureMetadata,
  type PictureOfSamples,
} from './planes/picture.ts';
export { channelOf, createPlanes, type Planes, planes, toNested, toUnit, whiteOf } from './planes/planes.ts';
export { type Depth, fromInterleaved, type Rounding, type StoredSamples, toInterleaved } from './planes/samples.ts';
export { decodeSrgb, encodeSrgb } from './planes/srgb.ts';
export { stackChannels } from './planes/stackChannels.ts';
export { transposePlanes } from './planes/transposePlanes.ts';
export { createVolume, toNestedVolume, type Volume, volume } from './planes/volume.ts';
