/** What any layer may ask of a logger; pino fits it. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Something that runs until told otherwise. `stop` may be called twice and gives the same promise. */
export interface Running {
  stop(): Promise<void>;
}
