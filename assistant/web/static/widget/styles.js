// The widget's style sheets, put here as one text when it is built (tools/build_widget.py).

export const STYLES = "";
