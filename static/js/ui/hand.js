/** Words for whoever points with a finger, who has neither keys nor a second button. */
import { t } from "../i18n.js";

const bare = matchMedia("(hover: none)");

/** The first word for fingers, the other for a mouse and keys. */
export const byHand = (touched, pointed) => t(bare.matches ? touched : pointed);
