/** The status codes: 0 to 4 as the document lists them, 5 and 6 as its sign-in examples use them. */
export const SUCCESS = 0;
export const BAD_TOKEN = 1;
export const USER_IN_USE = 2;
export const HASH_NOT_AVAILABLE = 3;
export const CIPHER_NOT_AVAILABLE = 4;
export const USER_NOT_IN_USE = 5;
export const INVALID_PASSWORD = 6;
