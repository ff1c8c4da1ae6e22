// One clock for all processes of the live bench.
export const sharedMs = (): number => Number(process.hrtime.bigint()) / 1e6;
