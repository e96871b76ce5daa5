// What is wrong at a path of the job, in the server's words. While nothing has been entered there
// (`entered` false) that it is missing is known, and is not said before somebody pressed a button.
export type Findings = (path: string, entered?: boolean) => string[];
