package dev.plimsoll.store;

import dev.plimsoll.model.UserError;
import java.util.Map;

/// What a machine needs to reach a store, beside its URL.
///
/// @param password empty for none
/// @param authority a PEM file with whom to trust, empty for those that Java trusts
public record StoreAccess(String password, String authority) {
  /// Read it.
  ///
  /// @throws UserError when the password's file cannot be read, or others can read it
  public static StoreAccess of(Map<String, String> environment) {
    return new StoreAccess(
        StorePassword.of(environment), environment.getOrDefault(StoreTrust.VARIABLE, ""));
  }
}
