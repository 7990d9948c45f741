/** Why a socket is closed. Source: graphql-transport-ws; 1012 is WebSocket's own. */
export const CLOSE_CODES = {
  /** The node stops: come back, to another one if there is one. */
  SERVICE_RESTART: 1012,
  BAD_REQUEST: 4400,
  UNAUTHORIZED: 4401,
  SUBPROTOCOL_NOT_ACCEPTABLE: 4406,
  INIT_TIMEOUT: 4408,
  OPERATION_EXISTS: 4409,
  /** More than one `connection_init`, or a flood of messages. */
  TOO_MANY_REQUESTS: 4429,
  INTERNAL_ERROR: 4500,
} as const;
