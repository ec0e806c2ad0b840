"""Effects and sampling variances become pooled estimates."""
