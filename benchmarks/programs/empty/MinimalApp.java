package com.acme.inventory;

import software.amazon.awscdk.App;
import software.amazon.awscdk.Stack;

public final class MinimalApp {
  public static void main(String[] args) {
    App app = new App();
    new Stack(app, "Empty");
    app.synth();
  }
}
