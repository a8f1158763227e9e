export const EDGE_COLORS = ['luma', 'max', 'each', 'di-zenzo'] as const;

/** What is done about colour: edges of the brightness, of the channel that answers most strongly, of each channel, or of all together. */
export type EdgeColor = (typeof EDGE_COLORS)[number];
