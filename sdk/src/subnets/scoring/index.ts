export * from "./brierScore.ts";
export * from "./countConfusion.ts";
export * from "./errors.ts";
export * from "./evidence.ts";
export * from "./judgeGradient.ts";
export * from "./matthewsCorrelation.ts";
export * from "./movingAverage.ts";
export {
  FIRST_RATING,
  type RateMinersParameters,
  type RateMinersReturnType,
  type Rating,
  type RoundResult,
  rateMiners,
} from "./rateMiners.ts";
export * from "./scoreDetection.ts";
export * from "./scoreTraining.ts";
export * from "./submission.ts";
export * from "./syncScore.ts";
export * from "./toWeights.ts";
