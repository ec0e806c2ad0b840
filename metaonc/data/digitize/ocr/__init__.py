"""Text in pictures: characters recognised, and what of them a figure's scales, numbers at risk and names rest on."""
