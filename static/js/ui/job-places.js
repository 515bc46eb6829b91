/** Where a job's page is, and what is said of it when it has ended. */
import { goTo } from "./topbar.js";

/** The page of each kind. */
export const PLACE = { uploads: "uploads", changesets: "reviews" };
/** The words for each end. */
export const SAYS = { diagnosed: "jobs.checked", submitted: "jobs.checked", failed: "jobs.failed", published: "jobs.approved", approved: "jobs.approved", rejected: "jobs.rejected" };

export const openJob = ({ kind, id }) => goTo(PLACE[kind], id);
