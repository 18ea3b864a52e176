// What the server puts in when it sends the script: the languages that it has, and its title if one is set.

export const SERVED = "__SERVED__";
