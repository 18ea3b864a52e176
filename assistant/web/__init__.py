"""The HTTP side: policy and routes, the chat page, the source page. Draws what `assistant` says and decides nothing."""
