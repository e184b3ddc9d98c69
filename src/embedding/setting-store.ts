/** Small values by name that survive a restart. */

export interface SettingStore {
  load(name: string): Promise<string | undefined>;
  /** Undefined removes the value. */
  save(name: string, value: string | undefined): Promise<void>;
}
