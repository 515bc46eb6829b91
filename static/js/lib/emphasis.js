/** 1, or less for what the chosen class leaves out. Pure. */
import { isChosen } from "./chosen.js";

const FADED = 0.38;

export const emphasisOf = (chosen, layer, feature) => (isChosen(chosen, layer, feature) ? 1 : FADED);
