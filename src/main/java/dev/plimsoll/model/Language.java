package dev.plimsoll.model;

/// The language of what `plimsoll apply` writes into a README.
public enum Language {
  EN,
  DE,
  ES,
  FR
}
