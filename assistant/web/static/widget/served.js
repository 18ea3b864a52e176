// What the server puts in when it sends the script: {"title"}, if a title was set.

export const SERVED = "__SERVED__";
