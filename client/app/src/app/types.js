// What the app asks of the SDK, by the names the app uses for it.

/**
 * @typedef {{
 *   path: string[], title: string, description?: string, strategy: string, why?: string, type: string, format?: string,
 *   enum?: unknown[], required?: boolean, unique?: boolean, index?: boolean, serial?: string, reference?: string,
 *   default?: unknown, deprecated?: boolean
 * }} Field
 *
 * @typedef {{name: string, version: number, title?: string, schema: any, grant: {create: boolean, readOnly?: string[]}, fields: Field[]}} Type
 *
 * @typedef {{
 *   id: string, type: string, value: {[key: string]: any}, deleted: boolean, pending: boolean, problems: {message: string}[],
 *   created: number | null, createdBy: string | null, updated: number | null, updatedBy: string | null
 * }} Document
 *
 * @typedef {{sort?: string | string[], limit?: number, search?: string, deleted?: boolean}} FindOptions
 * @typedef {any} Condition
 *
 * @typedef {{
 *   online: boolean, syncing: boolean, pending: number, refused: number, partial?: boolean,
 *   progress: {received: number, total?: number} | null, lastSync: Date | null, note: string,
 *   signedIn: boolean, outOfReach?: string, persisted: boolean | null, lost: boolean
 * }} Status
 *
 * @typedef {{replica: string, n: number, stamp: string, type: string, version: number, doc: string, ops: Op[]}} Change
 * @typedef {{kind: string, path: string[], value?: any, text?: string}} Op
 * @typedef {{id: number, type: string, doc: string, change: Change, error: {code: string, message: string, field?: string}, at: number}} Refused
 */

/**
 * @template T
 * @typedef {{value: T | undefined, error: unknown, subscribe: (fn: () => void) => () => void, close: () => void}} Live
 */

/**
 * @typedef {{
 *   type: Type | undefined,
 *   get: (id: string) => Promise<Document | undefined>,
 *   find: (condition?: Condition, options?: FindOptions) => Promise<Document[]>,
 *   count: (condition?: Condition, options?: FindOptions) => Promise<number>,
 *   live: (condition?: Condition, options?: FindOptions) => Live<Document[]>,
 *   restore: (id: string) => Promise<unknown>
 * }} Collection
 *
 * @typedef {{
 *   status: Status, onStatus: (fn: (status: Status) => void) => () => void,
 *   who: {user: string, name: string, role: string} | null,
 *   types: Type[], onTypes: (fn: () => void) => () => void,
 *   signIn: (who: {identity: string, password: string}) => Promise<unknown>, enrol: (code: string, label?: string) => Promise<unknown>,
 *   signOut: (options?: {force?: boolean}) => Promise<unknown>,
 *   sync: () => Promise<unknown>,
 *   pending: () => Promise<Change[]>, refused: () => Promise<Refused[]>, dismiss: (id: number) => Promise<unknown>,
 *   dismissNote: () => Promise<unknown>, exportPending: () => Promise<string>,
 *   collection: (name: string) => Collection
 * }} Database
 */

export {}
