/** Time as the engines see it; passed in so that tests choose it. Epoch milliseconds. */
export type Clock = () => number;
