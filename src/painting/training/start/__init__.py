"""How a run begins: from a painter's weights, or from a base's, which hold what every stage of one had learned."""
